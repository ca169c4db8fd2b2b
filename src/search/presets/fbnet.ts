import type { Preset } from '../preset.ts';
import { autoNbaImagenet } from './auto-nba-imagenet.ts';

/** FBNet (Wu et al., CVPR 2019): the same 22 layers and nine blocks at one width; meant for the strategy of that name. */
export const fbnet: Preset = {
  ...autoNbaImagenet,
  name: 'fbnet',
  summary:
    "FBNet's space: 22 layers, nine separate blocks, 8 bits, on ImageNet's folders: a GPU, days",
  space: { ...autoNbaImagenet.space, bits: [8] },
};
