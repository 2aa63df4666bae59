/**
 * Writes docs/properties.md from the doc comments of the exported interfaces: `npm run docs`. A test
 * compares.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const PACKAGE = resolve(import.meta.dirname, '..');
const TARGET: string = join(PACKAGE, 'docs/properties.md');

interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly summary: string;
  readonly fallback: string;
}

/** The text of the page. */
export function propertyTables(): string {
  const exported = readFileSync(join(PACKAGE, 'src/index.ts'), 'utf8');
  const files = readdirSync(join(PACKAGE, 'src')).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const sections = files.sort().flatMap((file) => {
    const text = readFileSync(join(PACKAGE, 'src', file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    return source.statements
      .filter(ts.isInterfaceDeclaration)
      .filter(({ name }) => new RegExp(`\\b${name.text}\\b`).test(exported))
      .map((declaration) => section(declaration, source));
  });
  return `# Properties\n\nGenerated from the doc comments by \`npm run docs\`.\n\n${sections.join('\n')}`;
}

function section(declaration: ts.InterfaceDeclaration, source: ts.SourceFile): string {
  const parents = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.map((type) => type.getText(source)),
  );
  const more = parents.length === 0 ? '' : `All properties of \`${parents.join('`, `')}\`, and:\n\n`;
  const rows = declaration.members
    .filter(ts.isPropertySignature)
    .map((member) => property(member, source))
    .map(
      ({ name, required, type, summary, fallback }) =>
        `| \`${name}\` | ${cell(`\`${type}\``)} | ${required ? 'required' : cell(fallback)} | ${cell(summary)} |`,
    );
  return `## ${declaration.name.text}\n\n${more}| property | type | default | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function property(member: ts.PropertySignature, source: ts.SourceFile): Property {
  const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const fallback = (comment?.tags ?? []).find((tag) => tag.tagName.text === 'default');
  const plain = (text: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
    (ts.getTextOfJSDocComment(text) ?? '').replaceAll(/\s+/g, ' ').trim();
  return {
    name: member.name.getText(source),
    required: member.questionToken === undefined,
    type: (member.type?.getText(source) ?? '').replaceAll(/\s+/g, ' ').replace(/ \| undefined$/, ''),
    summary: plain(comment?.comment),
    fallback: plain(fallback?.comment).replace(/^- /, ''),
  };
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, propertyTables());
