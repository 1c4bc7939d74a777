// A third look, for what the two validators miss: required elements that are primitives, required bindings, fixed values, the type
// of an extension's value, how often a slice stands and what has to stand in it, and the invariants (FHIRPath).
import fhirpath from 'fhirpath';
import model from 'fhirpath/fhir-context/r4/index.js';

const PRIMITIVE = /^[a-z]|^xhtml$/;
const NATIVE = new Set(['ele-1', 'ext-1', 'dom-3']); // done here: the first two stand on every element, and R4's dom-3 is no FHIRPath that evaluates

export class Strict {
  // `absent`: the start of addresses whose definitions are not here.
  constructor(definitions, absent) {
    this.absent = absent;
    this.defs = definitions;
    this.compiled = new Map();
    this.unresolved = new Set(); // bindings nobody could expand
  }

  check(resource, profileUrls = []) {
    this.problems = [];
    this.root = resource;
    this.resource = resource;
    this.asResource(resource, resource.resourceType, profileUrls);
    return this.problems;
  }

  say(path, text) {
    this.problems.push(`${path}: ${text}`);
  }

  asResource(value, path, profileUrls = []) {
    const outer = this.resource;
    this.resource = value === this.root ? outer : value;
    const base = this.defs.types.get(value?.resourceType);
    if (!base) this.say(path, `no resource is called ${value?.resourceType}`);
    else this.walk(value, base, base.type, path);
    for (const url of [...(value?.meta?.profile ?? []), ...profileUrls]) {
      const profile = this.defs.profiles.get(url);
      if (profile) this.walk(value, profile, profile.type, path, true);
    }
    this.resource = outer;
  }

  // `at`: the element's path in the definition. `narrow`: a profile over a value that the base has been walked for.
  walk(value, sd, at, path, narrow = false) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.say(path, `has to be an object (${at})`);
    if (Object.keys(value).length === 0) this.say(path, 'is empty');
    const elements = sd.snapshot.element;
    const self = elements.find((e) => e.id === at);
    if (!narrow) this.invariants(value, self, path);
    const known = new Set(at === sd.type && sd.kind === 'resource' ? ['resourceType'] : []);
    for (const e of elements) {
      if (!e.id.startsWith(at + '.') || e.id.slice(at.length + 1).includes('.')) continue;
      const name = e.id.slice(at.length + 1);
      if (name.includes(':')) this.slice(value, sd, e, path);
      else this.element(value, sd, e, name, path, known, narrow);
    }
    if (narrow) return;
    for (const key of Object.keys(value)) if (!known.has(key) && !known.has(key.replace(/^_/, ''))) this.say(path, `no element is called ${key}`);
  }

  element(value, sd, e, name, path, known, narrow) {
    const forms = name.endsWith('[x]')
      ? (e.type ?? []).map((t) => [name.slice(0, -3) + t.code[0].toUpperCase() + t.code.slice(1), t])
      : [[name, e.type?.[0]]];
    let count = 0;
    for (const [key, type] of forms) {
      known.add(key);
      if (value[key] === undefined) continue;
      const many = e.base?.max ? e.base.max !== '1' : e.max !== '1';
      if (many !== Array.isArray(value[key])) this.say(`${path}.${key}`, many ? 'has to be a list' : 'has to be a single value');
      const list = [value[key]].flat();
      if (list.length === 0) this.say(`${path}.${key}`, 'is an empty list');
      count += list.length;
      list.forEach((v, i) => this.value(v, sd, e, type, many ? `${path}.${key}[${i}]` : `${path}.${key}`, narrow));
    }
    if (narrow && name.endsWith('[x]')) {
      const stem = name.slice(0, -3);
      for (const key of Object.keys(value))
        if (key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)) && !known.has(key)) this.say(`${path}.${key}`, 'not a type of the profile');
    }
    if (count < e.min) this.say(`${path}.${name}`, `stands ${count} times, has to at least ${e.min}`);
    if (e.max !== '*' && count > Number(e.max)) this.say(`${path}.${name}`, `stands ${count} times, may ${e.max}`);
  }

  value(v, sd, e, type, path, narrow) {
    this.fixed(v, e, path);
    this.binding(v, e, path);
    if (e.contentReference) return narrow ? undefined : this.walk(v, sd, e.contentReference.slice(1), path);
    const code = type?.extension?.find((x) => x.url.endsWith('structuredefinition-fhir-type'))?.valueUrl ?? type?.code;
    if (!code || code.startsWith('http://hl7.org/fhirpath/')) return;
    if (code === 'Resource') return narrow ? undefined : this.asResource(v, path);
    if (code === 'BackboneElement' || code === 'Element' || sd.snapshot.element.some((x) => x.id.startsWith(`${e.id}.`)))
      this.walk(v, sd, e.id, path, narrow);
    if (code === 'BackboneElement' || code === 'Element') return;
    if (PRIMITIVE.test(code)) return narrow ? undefined : this.primitive(v, code, path);
    if (!narrow) {
      const base = this.defs.types.get(code);
      if (base) this.walk(v, base, base.type, path);
      if (code === 'Extension') this.extension(v, path);
    }
    for (const url of type.profile ?? []) {
      const profile = this.defs.profiles.get(url);
      if (profile?.snapshot && code !== 'Extension') this.walk(v, profile, profile.type, path, true);
    }
  }

  primitive(v, code, path) {
    const kind = ['boolean'].includes(code) ? 'boolean' : ['integer', 'unsignedInt', 'positiveInt', 'decimal'].includes(code) ? 'number' : 'string';
    if (typeof v !== kind) return this.say(path, `has to be a ${kind}`);
    if (v === '') this.say(path, 'is empty');
    if (code === 'unsignedInt' && !(Number.isInteger(v) && v >= 0)) this.say(path, 'has to be 0 or more');
    if (code === 'date' && !/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(v)) this.say(path, 'is no date');
    if (code === 'dateTime' && Number.isNaN(Date.parse(v))) this.say(path, 'is no dateTime');
  }

  fixed(v, e, path) {
    const key = Object.keys(e).find((k) => k.startsWith('fixed'));
    if (key && JSON.stringify(e[key]) !== JSON.stringify(v)) this.say(path, `has to be ${JSON.stringify(e[key])}`);
  }

  binding(v, e, path) {
    if (e.binding?.strength !== 'required' || !e.binding.valueSet) return;
    const codes = this.defs.expand(e.binding.valueSet);
    if (!codes) return void this.unresolved.add(e.binding.valueSet);
    const good = typeof v === 'string' ? codes.has(v) : (v.coding ?? [v]).some((c) => codes.has(`${c.system}|${c.code}`));
    if (!good) this.say(path, `${JSON.stringify(v)} is not in ${e.binding.valueSet}`);
  }

  // An extension has to be one that is defined, with a value of its type.
  extension(v, path) {
    const sd = this.defs.profiles.get(v.url);
    if (!sd && this.absent && v.url?.startsWith(this.absent)) return;
    if (!sd) return this.say(path, `no definition of ${v.url}`);
    const element = (sd.snapshot ?? sd.differential).element.find((e) => e.id === 'Extension.value[x]');
    const keys = Object.keys(v).filter((k) => k.startsWith('value'));
    const allowed = (element?.type ?? []).map((t) => 'value' + t.code[0].toUpperCase() + t.code.slice(1));
    for (const key of keys) if (!allowed.includes(key)) this.say(path, `${key}, but ${v.url} has ${allowed}`);
    if ((element?.min ?? 0) > 0 && keys.length === 0) this.say(path, 'has no value');
    for (const key of keys) if (v[key]?.system) this.ownCode(v[key], path);
    for (const key of keys) if (element) this.binding(v[key], element, path);
  }

  ownCode(coding, path) {
    const system = this.defs.codeSystems.get(coding.system);
    if (system?.content !== 'complete') return;
    if (!system.concept.some((c) => c.code === coding.code)) this.say(path, `${coding.code} is not in ${coding.system}`);
  }

  slice(value, sd, e, path) {
    const name = e.path.split('.').pop();
    const items = [value[name] ?? []].flat();
    const below = sd.snapshot.element.filter((x) => x.id.startsWith(`${e.id}.`) && !x.id.slice(e.id.length + 1).includes('.'));
    let mine;
    if (name === 'extension') {
      const url = e.type?.[0]?.profile?.[0];
      mine = items.filter((x) => x.url === url);
    } else {
      const fixed = below.find((x) => x.id.endsWith('.system'))?.fixedUri;
      if (!fixed) return;
      mine = items.filter((x) => x.system === fixed);
    }
    if (mine.length < e.min) this.say(`${path}.${name}`, `slice ${e.sliceName} stands ${mine.length} times, has to at least ${e.min}`);
    if (e.max !== '*' && mine.length > Number(e.max)) this.say(`${path}.${name}`, `slice ${e.sliceName} stands ${mine.length} times, may ${e.max}`);
    for (const item of mine)
      for (const b of below) if (b.min > 0 && !b.id.includes('[x]') && item[b.path.split('.').pop()] === undefined) this.say(`${path}.${name}`, `slice ${e.sliceName} lacks ${b.path}`);
  }

  // dom-3: what is contained is referred to (or refers to what contains it).
  contained(value, path) {
    const text = JSON.stringify(value);
    for (const c of value.contained ?? [])
      if (!text.includes(`"reference":"#${c.id}"`) && !JSON.stringify(c).includes('"reference":"#"')) this.say(path, `dom-3: nothing refers to #${c.id}`);
  }

  invariants(value, e, path) {
    for (const c of e?.constraint ?? []) {
      if (c.severity !== 'error' || !c.expression) continue;
      if (NATIVE.has(c.key)) {
        const valued = Object.keys(value).some((k) => k.startsWith('value'));
        if (c.key === 'dom-3') this.contained(value, path);
        if (c.key === 'ext-1' && valued === (value.extension !== undefined)) this.say(path, 'ext-1: a value or extensions, not both');
        continue;
      }
      const key = `${e.path}|${c.key}`;
      if (!this.compiled.has(key)) this.compiled.set(key, fhirpath.compile({ base: e.path, expression: c.expression }, model, { traceFn: () => {} }));
      let result;
      try {
        result = this.compiled.get(key)(value, { resource: this.resource, rootResource: this.root });
      } catch (error) {
        this.unresolved.add(`${c.key} (${error.message.slice(0, 60)})`);
        continue;
      }
      if (result.length > 0 && result[0] === false) this.say(path, `${c.key}: ${c.human}`);
    }
  }
}
