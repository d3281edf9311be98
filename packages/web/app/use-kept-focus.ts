import { useEffect, useRef, type FocusEvent, type RefObject } from "react";

/**
 * For what holds buttons that may go: where the one with the focus goes, `heir` gets it. Else a keyboard's way would begin anew
 * at the page's top.
 */
export function useKeptFocus(heir: RefObject<HTMLElement>) {
  const focused = useRef<Element>();
  useEffect(() => {
    if (focused.current?.isConnected !== false) return;
    focused.current = undefined;
    heir.current?.focus({ preventScroll: true });
  });
  return {
    onFocus: ({ target }: FocusEvent) => void (focused.current = target),
    onBlur: () => void (focused.current = undefined),
  };
}
