// A small file must not ask for much memory: what is unpacked from it stays in proportion to its size.

import { refuse } from '../network/refuse.ts';

/** Counts integers that are about to be unpacked, and stops when they exceed what the file can justify. */
export type Budget = (subject: string, integers: number) => void;

/** Weights are stored in at least half a byte; sixteen times leaves room for sharing and dilation. */
export function createBudget(fileBytes: number): Budget {
  const limit = 16 * fileBytes + 65_536;
  let spent = 0;
  return (subject, integers) => {
    spent += integers;
    if (spent <= limit) return;
    refuse(
      subject,
      `its weights need more than the ${limit} integers that a file of ${fileBytes} bytes can mean`,
      'the file is damaged or shares weights too widely; export the model again',
    );
  };
}
