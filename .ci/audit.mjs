/**
 * Tells which packages have known weaknesses, the bundled ones too, which npm counts as development. It only reports: what
 * the registry learns tomorrow does not make today's commit fail, nor does a registry that cannot be asked.
 */
import { spawnSync } from 'node:child_process';
import console from 'node:console';

const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000'], {
  encoding: 'utf8',
  timeout: 60_000,
});
const said = parse(stdout ?? '');
if (said.vulnerabilities === undefined) {
  console.log(`audit: the registry could not be asked: ${said.message ?? 'no answer that can be read'}`);
} else {
  const found = Object.values(said.vulnerabilities);
  console.log(`audit: ${found.length} packages with known weaknesses`);
  for (const { name, severity, range, via } of found) {
    const why = via.map((each) => (typeof each === 'string' ? `by ${each}` : `${each.title} ${each.url}`));
    console.log(`audit: ${severity} ${name} ${range}: ${why.join('; ')}`);
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
