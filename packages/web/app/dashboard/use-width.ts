import { useEffect, useRef, useState } from "react";

/** What a chart is drawn for where nothing can be measured: on the server, and without scripts. */
const usualWidth = 560;

/** The width of an element in pixels, as it is now. */
export function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(usualWidth);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
