import { useEffect, type RefObject } from "react";

/** A file that is dropped on the page is meant for the field: beside it, the browser would leave the page to show the file. */
export function useDroppedFile(field: RefObject<HTMLInputElement>): void {
  useEffect(() => {
    const choose = (event: DragEvent) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file || !field.current) return;
      event.preventDefault();
      const chosen = new DataTransfer();
      chosen.items.add(file);
      field.current.files = chosen.files;
      field.current.focus();
    };
    document.addEventListener("dragover", allowFiles);
    document.addEventListener("drop", choose);
    return () => {
      document.removeEventListener("dragover", allowFiles);
      document.removeEventListener("drop", choose);
    };
  }, [field]);
}

const allowFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") && event.preventDefault();
