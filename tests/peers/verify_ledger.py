#!/usr/bin/env python3
"""Checks a log as docs/format/ledger.md describes it. Shares nothing with the program but that page.
usage: verify_ledger.py FOLDER    prints one line a writer: name, records, segments, torn bytes, chain; exit 1 on damage"""
import hashlib
import os
import re
import struct
import sys

COMMIT_MAX_TAIL = 1048648  # a torn commit cannot reach further


class Damaged(Exception):
    pass


def sha(*parts):
    h = hashlib.sha256()
    for p in parts:
        h.update(p)
    return h.digest()


def read_header(path, data, writer, sequence):
    if data[:8] != b"MADOLOG\n":
        raise Damaged(f"{path}: not a segment")
    version = struct.unpack_from("<I", data, 8)[0]
    if version > 1:
        raise Damaged(f"{path}: format version {version}")
    if version != 1 or len(data) < 256 or sha(data[:224]) != data[224:256]:
        raise Damaged(f"{path}: header checksum")
    size, number, first = struct.unpack_from("<QQQ", data, 16)
    if number != sequence or data[88:120].rstrip(b"\0").decode("ascii", "replace") != writer:
        raise Damaged(f"{path}: belongs to another place")
    if len(data) < size:
        raise Damaged(f"{path}: shorter than its header says")
    return size, first, data[40:56], data[56:88]


def commit_header(data, at, size, salt):
    """(count, bytes, first) when a commit header with a right check stands at `at`."""
    if at + 32 > size or data[at:at + 4] != b"MLC1" or sha(salt, data[at:at + 24])[:8] != data[at + 24:at + 32]:
        return None
    count, n, zero, first = struct.unpack_from("<IIIQ", data, at + 4)
    if zero or n > 1048576 or (count == 0) != (n == 0):
        return None
    return count, n, first


def read_commit(data, at, size, salt, index, chain):
    """(end, index, chain) behind a whole commit at `at`, or None."""
    header = commit_header(data, at, size, salt)
    if header is None or header[2] != index:
        return None
    count, n, _ = header
    end = at + (32 + n + 32 + 7) // 8 * 8
    if end > size:
        return None
    p, stop = at + 32, at + 32 + n
    while p < stop:
        if stop - p < 4:
            return None
        length = struct.unpack_from("<I", data, p)[0]
        if not 1 <= length <= 4096 or length > stop - p - 4:
            return None
        p += 4 + length
        count -= 1
    if n:
        chain = sha(chain, data[at + 32:stop])
    if count != 0 or data[stop:stop + 32] != chain or any(data[stop + 32:end]):
        return None
    return end, header[2] + header[0], chain


def tail(data, at, size, salt):
    """(torn bytes, damaged)"""
    rest = data[at:size].rstrip(b"\0")
    torn = len(rest)
    if torn > COMMIT_MAX_TAIL:
        return torn, True
    p = data.find(b"MLC1", at + 1)
    while p >= 0:
        if p % 8 == 0 and commit_header(data, p, size, salt):
            return torn, True
        p = data.find(b"MLC1", p + 1)
    return torn, False


def verify_writer(folder, writer):
    names = [n for n in os.listdir(os.path.join(folder, writer)) if re.fullmatch(r"[0-9]{8}\.seg", n)]
    numbers = sorted(int(n[:8]) for n in names)
    if numbers != list(range(1, len(numbers) + 1)):
        raise Damaged(f"{writer}: a segment is missing")
    index, chain, torn = 0, sha(b"mado ledger 1\n", writer.encode()), 0
    for number in numbers:
        path = os.path.join(folder, writer, f"{number:08d}.seg")
        with open(path, "rb") as f:
            data = f.read()
        size, first, salt, before = read_header(path, data, writer, number)
        if first != index or before != chain:
            raise Damaged(f"{path}: does not continue the chain")
        at = 256
        while at + 32 <= size and any(data[at:at + 32]):
            commit = read_commit(data, at, size, salt, index, chain)
            if commit is None:
                break
            at, index, chain = commit
        torn, damaged = tail(data, at, size, salt)
        if damaged or (torn and number != numbers[-1]):
            raise Damaged(f"{path}: damaged at offset {at}")
    return f"{writer} records {index} segments {len(numbers)} torn {'yes' if torn else 'no'} head {chain.hex()}"


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = sys.argv[1]
    if not os.path.isdir(folder):
        return 0
    try:
        for writer in sorted(os.listdir(folder)):
            if re.fullmatch(r"[a-z0-9-]{1,32}", writer) and os.path.isdir(os.path.join(folder, writer)):
                print(verify_writer(folder, writer))
    except Damaged as e:
        print(f"damaged: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
