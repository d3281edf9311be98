import python from "./snippets/predict.py?raw";
import shell from "./snippets/predict.sh?raw";
import typescript from "./snippets/predict.ts.txt?raw";

export interface Snippet {
  readonly language: string;
  readonly code: string;
}

/** Where the files say that the API is: `npm start`'s own address. */
const written = "http://127.0.0.1:8080";

/** The same request in each language, complete and ready to run against the API at the address. */
export function snippets(address: string): readonly Snippet[] {
  return [
    { language: "curl", code: shell },
    { language: "TypeScript", code: typescript },
    { language: "Python", code: python },
  ].map(({ language, code }) => ({ language, code: code.trim().replaceAll(written, address) }));
}
