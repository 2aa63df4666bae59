/**
 * `npm run generate` writes all generated files; `npm run generate -- --check` fails if one is not what it
 * would write.
 */
await import('./generate-unicode-tables.ts');
await import('./generate-engine.ts');
await import('./generate-dictionaries.ts');
