declare const layers: { readonly forbidden: ReadonlyArray<{ readonly name: string }> };
export default layers;
