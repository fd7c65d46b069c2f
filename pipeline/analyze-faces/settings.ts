/** The Function's app settings. */
export interface AnalyzeFacesSettings {
  /** Secret; visitor pseudonyms of different salts cannot be linked. */
  readonly visitorSalt: string;
  /** IANA name, `Asia/Seoul`. */
  readonly storeTimeZone: string;
}

export interface FaceEndpointSettings {
  readonly endpoint: string;
  readonly key: string | null;
}

export class SettingError extends Error {
  readonly code = 'FF_SETTING';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws SettingError that names the setting and says what it should be. */
export function readSettings(environment: Environment): AnalyzeFacesSettings {
  const storeTimeZone = environment.STORE_TIME_ZONE ?? 'UTC';
  if (!isTimeZone(storeTimeZone)) {
    throw new SettingError(
      `app setting STORE_TIME_ZONE is "${storeTimeZone}", which is no time zone; expected an IANA name such as Europe/Berlin`,
    );
  }
  return { visitorSalt: required(environment, 'VISITOR_SALT', 'a secret of the store'), storeTimeZone };
}

/** @throws SettingError */
export function readFaceEndpoint(environment: Environment): FaceEndpointSettings {
  const what = 'the URL of the Face API, such as http://face:5000/face/v1.0/';
  return {
    endpoint: required(environment, 'face_api_endpoint', what),
    key: environment.face_api_key || null,
  };
}

/** @throws SettingError */
export function required(environment: Environment, name: string, what: string): string {
  const value = environment[name];
  if (value) return value;
  throw new SettingError(`app setting ${name} is missing; expected ${what}`);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
