// Reads calendars with ical.js or node-ical (named by the first argument): JSON {name: text} from standard input,
// JSON {name: [[uid, start, end, summary, location, status], ...]} to standard output.  Days are written as days.
import { readFileSync } from "node:fs";

const READERS = {
  "ical.js": async () => {
    const { default: ICAL } = await import("ical.js");
    const moment = (time) => (time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString());
    const read = (component) => {
      const event = new ICAL.Event(component);
      const status = component.getFirstPropertyValue("status");
      return [event.uid, moment(event.startDate), moment(event.endDate), event.summary, event.location, status];
    };
    return (text) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map(read);
  },
  "node-ical": async () => {
    const { default: ical } = await import("node-ical");
    const moment = (date, type) => (type === "date" ? day(date) : date.toISOString());
    const read = (event) => [
      event.uid,
      moment(event.start, event.datetype),
      moment(event.end, event.datetype),
      event.summary,
      event.location,
      event.status,
    ];
    const isEvent = (component) => component.type === "VEVENT";
    return (text) => Object.values(ical.sync.parseICS(text)).filter(isEvent).map(read);
  },
};

// The day of a date in the zone of the machine, which is where node-ical puts days.
const day = (date) => {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

const read = await READERS[process.argv[2]]();
const calendars = Object.entries(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(Object.fromEntries(calendars.map(([name, text]) => [name, read(text)]))));
