/**
 * The page on which a person watches all cameras: no scripts, the browser plays MJPEG by itself. Of many cameras it
 * shows snapshots, and comes anew every few seconds.
 */

export interface CameraOnPage {
  readonly id: string;
  readonly section: string;
  /** False: left to hardware, or nobody's to see. */
  readonly isShown: boolean;
}

/** Browsers open no more than six connections to a server, and a video keeps one. */
const MOST_VIDEOS = 6;
const REFRESH_SECONDS = 5;

export function camerasPage(cameras: readonly CameraOnPage[]): string {
  const isLive = cameras.filter(({ isShown }) => isShown).length <= MOST_VIDEOS;
  const refresh = isLive ? '' : `\n<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>footfall: what the cameras see</title>
<style>
body { margin: 1rem; font: 15px/1.4 system-ui, sans-serif; background: #10151a; color: #dfe6ec; }
h1 { font-size: 1.1rem; font-weight: 600; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; background: #1a222a; border-radius: 6px; overflow: hidden; }
img { display: block; width: 100%; min-height: 8rem; }
p { margin: 0; padding: 3rem 1rem; text-align: center; }
figcaption { padding: .5rem .75rem; }
a { color: #8fd3ff; }
</style>
</head>
<body>
<h1>What the cameras see</h1>
<main>
${cameras.map((camera) => figureOf(camera, isLive)).join('\n')}
</main>
</body>
</html>
`;
}

function figureOf({ id, isShown, section }: CameraOnPage, isLive: boolean): string {
  const path = encodeURIComponent(id);
  const name = escaped(`${id} (${section})`);
  if (!isShown) return `<figure><p>not shown here</p><figcaption>${name}</figcaption></figure>`;
  const picture = isLive ? 'live.mjpeg' : 'snapshot.jpg';
  return `<figure><img src="/${path}/${picture}" alt="what ${name} sees"><figcaption>${name}:
<a href="/${path}/live.mjpeg">video</a>, <a href="/${path}/live.mjpeg?boxes">with boxes</a>, <a href="/${path}/snapshot.jpg">snapshot</a>,
<a href="/${path}/metadata.jsonl">metadata</a></figcaption></figure>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
