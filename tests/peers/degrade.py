#!/usr/bin/env python3
"""usage: degrade.py IN.pgm OUT.pgm BLUR DEGREES: what a hand-held camera does: softens by a box of BLUR pixels and turns a little."""
import math
import sys


def read(path):
    with open(path, "rb") as f:
        data = f.read()
    parts, at = [], 0
    while len(parts) < 4:
        end = at
        while data[end:end + 1] not in (b" ", b"\n"):
            end += 1
        parts.append(data[at:end])
        at = end + 1
    return int(parts[1]), int(parts[2]), data[at:]


def blur(width, height, pixels, size):
    if size < 2:
        return pixels
    def along(rows, n):
        out = bytearray(len(rows))
        for start in range(0, len(rows), n):
            row = rows[start:start + n]
            for i in range(n):
                part = row[max(0, i - size // 2):i + (size + 1) // 2]
                out[start + i] = sum(part) // len(part)
        return bytes(out)
    turn = lambda p, w, h: bytes(p[y * w + x] for x in range(w) for y in range(h))
    pixels = along(pixels, width)
    return turn(along(turn(pixels, width, height), height), height, width)


def rotate(width, height, pixels, degrees):
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    out = bytearray(b"\xff" * (width * height))
    for y in range(height):
        for x in range(width):
            dx, dy = x - width / 2, y - height / 2
            fx, fy = width / 2 + cos * dx + sin * dy, height / 2 - sin * dx + cos * dy
            ix, iy = int(fx), int(fy)
            if 0 <= ix < width - 1 and 0 <= iy < height - 1:
                ax, ay, o = fx - ix, fy - iy, iy * width + ix
                top = pixels[o] * (1 - ax) + pixels[o + 1] * ax
                low = pixels[o + width] * (1 - ax) + pixels[o + width + 1] * ax
                out[y * width + x] = int(top * (1 - ay) + low * ay)
    return bytes(out)


width, height, pixels = read(sys.argv[1])
pixels = rotate(width, height, blur(width, height, pixels, int(sys.argv[3])), float(sys.argv[4]))
with open(sys.argv[2], "wb") as f:
    f.write(b"P5\n%d %d\n255\n" % (width, height) + pixels)
