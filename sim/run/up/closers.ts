/** What ends the parts of a running `footfall up`, in the order of their beginning; they end the other way round. */
export type Closers = (() => unknown)[];
