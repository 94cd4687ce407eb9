/**
 * `check-types.mjs CONFIG FOLDER…`: type-checks the files of a project, and the declarations in the given folders of
 * its `node_modules`, to find conflicts with the declarations of Restante. Checking every declaration in
 * `node_modules` would take ten times as long, and `skipLibCheck` would check none. Prints the errors; the exit code
 * is not 0 if there are any.
 */
import path from 'node:path';
import ts from 'typescript';

const [config, ...folders] = process.argv.slice(2);
const project = path.dirname(path.resolve(config));
const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(json, ts.sys, project);
const program = ts.createProgram(fileNames, options);
const chosen = folders.map(
  (folder) => ts.sys.realpath(path.join(project, 'node_modules', folder)) + path.sep,
);
const checked = program
  .getSourceFiles()
  .filter(
    ({ fileName }) => fileNames.includes(fileName) || chosen.some((folder) => fileName.startsWith(folder)),
  );
const found = [
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...checked.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]),
];
process.stdout.write(
  ts.formatDiagnostics(found, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => project,
    getNewLine: () => '\n',
  }),
);
for (const [at, folder] of folders.entries()) {
  const count = checked.filter(({ fileName }) => fileName.startsWith(chosen[at])).length;
  process.stdout.write(`${folder}: ${count} files checked\n`);
}
process.exitCode = found.length === 0 ? 0 : 1;
