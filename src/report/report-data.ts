// Everything the report shows; what is missing is left out of the page.

import type { Device } from '../accelerator/device.ts';
import type { Design, Prediction } from '../cost/design.ts';
import type { Resources } from '../cost/resources.ts';
import type { Memory } from '../schedule/memory.ts';
import type { TraceRecord } from '../search/trace.ts';
import type { Choices } from '../supernet/space.ts';
import type { Synthesis } from '../synth/synthesize.ts';
import type { RunVerdict, Verdict } from '../verify/verify.ts';

/** What the search found out, beside the design itself. */
export interface SearchFigures {
  /** Shares of the test images, 0..1. */
  readonly accuracy?: { readonly float: number; readonly integer: number } | undefined;
  readonly choices?: Choices | undefined;
  /** Whether no better accelerator exists in the space that was explored. */
  readonly provenOptimal?: boolean | undefined;
  readonly preset?: string | undefined;
  readonly dataset?: string | undefined;
  readonly searchSeconds?: number | undefined;
  readonly trainingSeconds?: number | undefined;
  readonly peakResidentBytes?: number | undefined;
}

/** What simulation found out. */
export interface Verification
  extends Pick<Verdict, 'bitExact' | 'cycleExact' | 'simulator'>,
    Pick<RunVerdict, 'firstMismatch'> {
  readonly runs: readonly RunVerdict[];
  /** Of the images that were simulated, where their labels are known. */
  readonly accuracy: number | null;
}

/** Labelled images with what the integer network says of them. */
export interface Pictures {
  readonly classes: readonly string[];
  readonly rows: number;
  readonly columns: number;
  /** 1 (grey) or 3 (red, green, blue). */
  readonly channels: number;
  readonly images: readonly {
    readonly label: number;
    readonly predicted: number;
    /** One byte per value, row by row, channels last. */
    readonly pixels: Uint8Array;
  }[];
}

/** Everything the report shows. */
export interface ReportData {
  readonly design: Design;
  readonly prediction: Prediction;
  /** The memory contract of the prediction. */
  readonly memory: Memory;
  readonly device?: (Device & { readonly name: string }) | undefined;
  /** As predicted, for the whole accelerator. */
  readonly resources?: Resources | undefined;
  readonly synthesis?: Pick<Synthesis, 'family' | 'rows'> | undefined;
  readonly search?: SearchFigures | undefined;
  readonly trace?: readonly TraceRecord[] | undefined;
  readonly verification?: Verification | undefined;
  readonly pictures?: Pictures | undefined;
  /** Name and value of what the run was made with: hashes, versions. */
  readonly origins?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Files beside report.html worth a link, as paths with forward slashes. */
  readonly files?: readonly string[] | undefined;
}
