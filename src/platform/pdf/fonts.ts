import { fileURLToPath } from 'node:url';
import { type EmbeddedFont, openEmbeddedFont } from './embedded-font.ts';

/** Fonts of a document: embedded ones, or names of the fonts every PDF reader brings (Latin text only). */
export type FontPair = { readonly regular: EmbeddedFont | string; readonly bold: EmbeddedFont | string };

let opened: FontPair | undefined;

/** Noto Sans SC (OFL-1.1): simplified and traditional Han, Latin, Greek, Cyrillic. Read once per process, about 22 MB. */
export function notoSansSc(): FontPair {
  opened ??= { regular: open('400Regular', 'NotoSansSC-Regular'), bold: open('700Bold', 'NotoSansSC-Bold') };
  return opened;
}

function open(weight: string, name: string): EmbeddedFont {
  const file = `@expo-google-fonts/noto-sans-sc/${weight}/NotoSansSC_${weight}.ttf`;
  return openEmbeddedFont(fileURLToPath(import.meta.resolve(file)), name);
}
