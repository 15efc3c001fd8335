// Moments and lengths of time as people at the cameras read them.
import { text } from "../texts.js";

export class Times {
  #full;
  #clock;
  #short;
  #day;

  constructor(zone) {
    // As everywhere in the console: 2026-05-12 09:42, in either language.
    const make = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, hourCycle: "h23", ...options });
    const clock = { hour: "2-digit", minute: "2-digit" };
    const day = { year: "numeric", month: "2-digit", day: "2-digit" };
    this.#clock = make({ ...clock, second: "2-digit" });
    this.#short = make(clock);
    this.#day = make(day);
    this.#full = make({ ...day, ...clock });
  }

  clock(iso) {
    return this.#clock.format(new Date(iso));
  }

  full(iso) {
    return this.#full.format(new Date(iso));
  }

  // From and to, the day said once.
  span(since, until) {
    const [first, last] = [new Date(since), new Date(until)];
    const isOneDay = this.#day.format(first) === this.#day.format(last);
    return text("zones.span", { since: this.#full.format(first), until: isOneDay ? this.#short.format(last) : this.#full.format(last) });
  }

  length(seconds) {
    const whole = Math.round(seconds);
    const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
    if (minutes >= 60) return text("span.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    return minutes ? text("span.minutes", { minutes, seconds: rest }) : text("span.seconds", { seconds: rest });
  }
}
