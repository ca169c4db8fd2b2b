/** One operator of one image: reads and writes the buffers it was prepared with. */
export type Step = () => void;
