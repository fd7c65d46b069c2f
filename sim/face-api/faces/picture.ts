/**
 * What the service checks of a picture before it looks for faces: JPEG, PNG, GIF or BMP, 1 KB to 6 MB.
 * Dimensions are read from the header alone; nothing is decoded.
 */
import { invalidImage, invalidImageSize } from '../failure.js';

const SMALLEST_BYTES = 1024;
const LARGEST_BYTES = 6 * 1024 * 1024;

export interface PictureSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** @throws FaceApiFailure `InvalidImageSize` or `InvalidImage`. */
export function readPictureSize(bytes: Uint8Array): PictureSize {
  if (bytes.length < SMALLEST_BYTES) {
    throw invalidImageSize(
      'Image size is too small. The valid image file size should be larger than or equal to 1 KB.',
    );
  }
  if (bytes.length > LARGEST_BYTES)
    throw invalidImageSize('Image size is too big. The valid image file size should be no larger than 6 MB.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = jpegSize(view) ?? pngSize(view) ?? gifSize(view) ?? bmpSize(view);
  if (size === undefined || size.widthPixels === 0 || size.heightPixels === 0)
    throw invalidImage('Decoding error, image format unsupported.');
  return size;
}

const JPEG_START_OF_IMAGE = 0xffd8;

/** ITU-T T.81 annex B: walks the marker segments to the frame header. */
function jpegSize(view: DataView): PictureSize | undefined {
  if (view.getUint16(0) !== JPEG_START_OF_IMAGE) return undefined;
  let offset = 2;
  while (offset + 9 <= view.byteLength) {
    if (view.getUint8(offset) !== 0xff) return undefined;
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) offset += 1;
    else if (isFrameHeader(marker))
      return { heightPixels: view.getUint16(offset + 5), widthPixels: view.getUint16(offset + 7) };
    else offset += 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, except DHT (C4), JPG (C8) and DAC (CC), which share the range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

const PNG_SIGNATURE = 0x89504e47;

function pngSize(view: DataView): PictureSize | undefined {
  if (view.getUint32(0) !== PNG_SIGNATURE) return undefined;
  return { widthPixels: view.getUint32(16), heightPixels: view.getUint32(20) };
}

const GIF_SIGNATURE = 0x47494638;

function gifSize(view: DataView): PictureSize | undefined {
  if (view.getUint32(0) !== GIF_SIGNATURE) return undefined;
  return { widthPixels: view.getUint16(6, true), heightPixels: view.getUint16(8, true) };
}

const BMP_SIGNATURE = 0x424d;

function bmpSize(view: DataView): PictureSize | undefined {
  if (view.getUint16(0) !== BMP_SIGNATURE) return undefined;
  // A negative height means that rows are stored from the top.
  return { widthPixels: view.getInt32(18, true), heightPixels: Math.abs(view.getInt32(22, true)) };
}
