// The whole page from its sections: one file, no script, nothing fetched.

import { defineTemplate } from '../emit/template.ts';
import { renderChunks } from './chunks.ts';
import { renderCycles } from './cycles.ts';
import { renderHeadline } from './headline.ts';
import { escapeHtml } from './html.ts';
import { renderNetwork } from './network.ts';
import { renderPictures } from './pictures.ts';
import { renderProvenance } from './provenance.ts';
import type { ReportData } from './report-data.ts';
import { renderResources } from './resources.ts';
import { renderTimeline } from './timeline.ts';
import { renderTrajectory } from './trajectory.ts';

/** Texts here are HTML already: each section escaped its own. */
const renderPage = defineTemplate<{
  readonly title: string;
  readonly style: string;
  readonly sections: readonly { readonly html: string }[];
}>('report/page.html.hbs');

const renderStyle = defineTemplate<Record<string, never>>('report/style.css.hbs');

/** From the verdict to the details. */
const sections = [
  renderHeadline,
  renderResources,
  renderNetwork,
  renderChunks,
  renderTimeline,
  renderCycles,
  renderTrajectory,
  renderPictures,
  renderProvenance,
] as const;

/** The page; equal data gives equal bytes. */
export function renderReport(data: ReportData): string {
  return renderPage({
    title: escapeHtml(data.design.name),
    style: renderStyle({}),
    sections: sections.flatMap((render) => {
      const html = render(data);
      return html === '' ? [] : [{ html }];
    }),
  });
}
