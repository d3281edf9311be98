import { createContext } from "react";

/** The nonce that the page's content security policy names. A browser hides it, so there is none after hydration. */
export const NonceContext = createContext<string | undefined>(undefined);
