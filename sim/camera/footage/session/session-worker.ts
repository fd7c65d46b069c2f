/** The thread that plays footage: decoding, tracking and drawing keep no world waiting on its own thread. */
import { answerRequests } from '../../../kernel/answering-worker.js';
import { FootageSession } from './session.js';
import type { FootageFacts, SessionAnswer, SessionRequest, SessionStart } from './session-messages.js';

await answerRequests<SessionStart, SessionRequest, SessionAnswer, FootageFacts>(async (start) => {
  const session = await FootageSession.open(start);
  return {
    ready: session.facts,
    async answer(request) {
      switch (request.kind) {
        case 'load':
          return { answer: { kind: 'loaded', backend: await session.load(request.modelZip) } };
        case 'advance':
          return { answer: { kind: 'advanced', stretch: await session.advance(request.timeMs) } };
        case 'picture': {
          const jpeg = session.picture();
          return { answer: { kind: 'picture', jpeg }, transfer: [jpeg.buffer] };
        }
        case 'finish': {
          const footage = await session.finish();
          await session.close();
          return { answer: { kind: 'finished', footage } };
        }
      }
    },
  };
});
