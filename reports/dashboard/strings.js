/** What the page says, in English and Korean. Keys are those of `data-text` in the page. */

const ENGLISH = {
  title: 'Footfall',
  skip: 'Skip to the figures',
  store: 'Store',
  allStores: 'All stores',
  range: 'Time range',
  minutes15: 'Last 15 minutes',
  hour: 'Last hour',
  day: 'Today',
  language: 'Language',
  signIn: 'Sign in',
  signInHint: 'Enter the token that footfall up printed for your role.',
  token: 'Token',
  show: 'Show the store',
  now: 'Now',
  noWindow: 'No window yet.',
  windowEnded: 'Window that ended at {time}.',
  peopleNow: 'People seen now',
  peopleToday: 'People seen today',
  uniqueNow: 'Unique visitors now',
  newToday: 'New today',
  returningNow: 'Returning',
  returningToday: 'Returning today',
  mood: 'Mood',
  overTime: 'People over time',
  overTimeNote: 'People seen in each window of 15 seconds.',
  nothingYet: 'Nothing has come yet.',
  timeline: 'People from {from} to {to}: at most {most} in a window, {newest} in the newest.',
  floor: 'Heat map',
  floorNote: 'People seen in each section: the stronger the colour, the busier.',
  noPlan: 'Choose a store whose floor plan is known.',
  bySection: 'By section',
  bySectionNote: 'People seen in the time range.',
  byAge: 'By age',
  byGender: 'By gender',
  facesNote: 'Faces that were read in the time range.',
  women: 'Women',
  men: 'Men',
  moodBySection: 'Mood by section',
  moodNote: 'From −1 (low) over 0 (even) to +1 (good), in the time range.',
  moodByDisplay: 'Mood by display',
  displayNote:
    'Mood of the faces read in the section where the display stands; displays of one section share it.',
  noDisplays: 'Choose a store whose displays are known.',
  latest: 'Latest windows',
  windowEnd: 'Window end',
  section: 'Section',
  people: 'People',
  unique: 'Unique',
  new: 'New',
  returning: 'Returning',
  good: 'good',
  even: 'even',
  low: 'low',
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Connection lost, trying again…',
};

const KOREAN = {
  title: '매장 유동 인구',
  skip: '수치로 건너뛰기',
  store: '매장',
  allStores: '모든 매장',
  range: '기간',
  minutes15: '최근 15분',
  hour: '최근 1시간',
  day: '오늘',
  language: '언어',
  signIn: '로그인',
  signInHint: 'footfall up이 출력한 역할별 토큰을 입력하세요.',
  token: '토큰',
  show: '매장 보기',
  now: '현재',
  noWindow: '아직 집계된 구간이 없습니다.',
  windowEnded: '{time}에 끝난 구간입니다.',
  peopleNow: '현재 감지 인원',
  peopleToday: '오늘 감지 인원',
  uniqueNow: '현재 순 방문자',
  newToday: '오늘 신규',
  returningNow: '재방문',
  returningToday: '오늘 재방문',
  mood: '분위기',
  overTime: '시간별 인원',
  overTimeNote: '15초 구간마다 감지된 인원입니다.',
  nothingYet: '아직 수신된 데이터가 없습니다.',
  timeline: '{from}부터 {to}까지: 구간 최대 {most}명, 최근 {newest}명.',
  floor: '히트맵',
  floorNote: '구역별 감지 인원입니다. 진할수록 붐빕니다.',
  noPlan: '평면도가 등록된 매장을 선택하세요.',
  bySection: '구역별',
  bySectionNote: '선택한 기간에 감지된 인원입니다.',
  byAge: '연령대별',
  byGender: '성별',
  facesNote: '선택한 기간에 분석된 얼굴입니다.',
  women: '여성',
  men: '남성',
  moodBySection: '구역별 분위기',
  moodNote: '선택한 기간의 값: −1(낮음), 0(보통), +1(좋음).',
  moodByDisplay: '진열대별 분위기',
  displayNote: '진열대가 있는 구역에서 분석된 얼굴의 분위기입니다. 같은 구역의 진열대는 값이 같습니다.',
  noDisplays: '진열대가 등록된 매장을 선택하세요.',
  latest: '최근 구간',
  windowEnd: '구간 종료',
  section: '구역',
  people: '인원',
  unique: '순 방문자',
  new: '신규',
  returning: '재방문',
  good: '좋음',
  even: '보통',
  low: '낮음',
  connecting: '연결 중…',
  live: '실시간',
  lost: '연결이 끊겨 다시 시도 중…',
};

export const LANGUAGES = { en: ENGLISH, ko: KOREAN };
let language = 'en';

/** Speaks `wanted` from now on; English where it is not known. */
export function speak(wanted) {
  language = wanted in LANGUAGES ? wanted : 'en';
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text);
  }
  return language;
}

/** The text of that key, with `{name}` replaced by `values.name`. */
export function text(key, values = {}) {
  return LANGUAGES[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export function formatNumber(value) {
  // A hyphen is no minus: it is narrower than the plus sign it stands below.
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value).replace('-', '−');
}

export function formatTime(epochMs) {
  return new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(epochMs);
}
