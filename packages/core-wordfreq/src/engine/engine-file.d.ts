/** The compiled engine, for `setEngine`: a `WebAssembly.Module`, which not every platform's types know. */
declare const engine: object;
// biome-ignore lint/style/noDefaultExport: platforms give a file of WebAssembly this export.
export default engine;
