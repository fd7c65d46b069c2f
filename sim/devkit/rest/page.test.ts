import { expect, test } from 'vitest';
import { camerasPage } from './page.js';

const cameras = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `cam-${index}`, section: 'shoes', isShown: true }));

test('few cameras are shown live, and many by snapshots that come anew, since a browser opens six connections', () => {
  expect(camerasPage(cameras(6)).match(/<img src="\/cam-\d\/live.mjpeg"/g)).toHaveLength(6);
  expect(camerasPage(cameras(6))).not.toContain('http-equiv="refresh"');
  expect(camerasPage(cameras(7)).match(/<img src="\/cam-\d\/snapshot.jpg"/g)).toHaveLength(7);
  expect(camerasPage(cameras(7))).toContain('http-equiv="refresh"');
});
