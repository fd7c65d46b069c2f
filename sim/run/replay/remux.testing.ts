/** Copies the video of a file into another container, without decoding it. */
import * as av from 'node-av/lib';

export async function remux(from: string, to: string): Promise<void> {
  const input = new av.FormatContext();
  await input.openInput(from);
  await input.findStreamInfo();
  const [source] = input.streams;
  if (source === undefined) throw new Error(`${from} has no stream`);
  const output = new av.FormatContext();
  output.allocOutputContext2(null, null, to);
  const target = output.newStream(null);
  target.codecpar = source.codecpar;
  target.codecpar.codecTag = 0;
  target.timeBase = source.timeBase;
  target.avgFrameRate = source.avgFrameRate;
  await output.openOutput();
  await output.writeHeader(null);
  const packet = new av.Packet();
  packet.alloc();
  while ((await input.readFrame(packet)) >= 0) {
    packet.rescaleTs(source.timeBase, target.timeBase);
    packet.streamIndex = target.index;
    await output.interleavedWriteFrame(packet);
    packet.unref();
  }
  await output.writeTrailer();
  await output.closeOutput();
  packet.free();
  await input.closeInput();
}
