type Settings = Readonly<Record<string, string>>;

/** App settings are environment variables to a handler. */
export class Environment {
  private readonly settings: Settings;
  private before: Readonly<Record<string, string | undefined>> = {};

  constructor(settings: Settings) {
    this.settings = settings;
  }

  apply(): void {
    const names = Object.keys(this.settings);
    this.before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    Object.assign(process.env, this.settings);
  }

  restore(): void {
    for (const [name, value] of Object.entries(this.before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
