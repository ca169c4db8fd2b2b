// Text that is safe inside HTML, and templates that get no other: no name can bring markup of its own.

import { defineTemplate } from '../emit/template.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text as it reads in an element and in a quoted attribute; control characters become visible. */
export function escapeHtml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')
      .replaceAll(/[&<>"'`]/g, (character) => entities[character] ?? character)
  );
}

function escapeAll(value: unknown): unknown {
  if (typeof value === 'string') return escapeHtml(value);
  if (Array.isArray(value)) return value.map(escapeAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeAll(item)]));
}

/** Like defineTemplate, with every text of the view escaped: `templates/report/<file>` cannot forget to. */
export function defineSection<View extends object>(file: string): (view: View) => string {
  const render = defineTemplate<View>(`report/${file}`);
  return (view) => render(escapeAll(view) as View);
}
