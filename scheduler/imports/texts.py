"""The sentences about calendar files, by code."""

from scheduler.text import N_

TOO_BIG = N_("The file has more than 1 megabyte. Export fewer calendars, or a shorter time, and try again.")
EMPTY = N_("The file is empty. Export the calendar once more.")
NO_CALENDAR = N_("This is not a calendar file. It has to be an .ics file, exported from a calendar program.")
NO_EVENTS = N_("The calendar has no events.")
TOO_MANY_ENTRIES = N_("The file has more than 2,000 entries. Export fewer calendars, or a shorter time, and try again.")
TOO_DEEP = N_("The entries of this file are nested too deeply. No calendar program writes such files.")
TOO_HARD = N_("Reading this file takes too long. Export a shorter time, or enter the leave by hand.")
FAILED = N_("This file could not be read. Export it once more, or enter the leave by hand.")
BUSY = N_("Other files are being read at the moment. Try again in a minute.")

BROKEN, UNTIMED, BACKWARDS, SHORT, OVER, LATER, LONG, RULE, OFTEN, MANY = (
    "broken",
    "untimed",
    "backwards",
    "short",
    "over",
    "later",
    "long",
    "rule",
    "often",
    "many",
)
PROBLEMS = {
    BROKEN: N_("Its lines cannot be read."),
    UNTIMED: N_("It has no start that can be read."),
    BACKWARDS: N_("It ends before it begins."),
    SHORT: N_("It takes no whole day, nor two working days in a row."),
    OVER: N_("It is over."),
    LATER: N_("It begins more than two years from today."),
    LONG: N_("It is longer than a year. Enter it in parts by hand if it is meant."),
    RULE: N_("The way it repeats cannot be worked out. Enter its days by hand."),
    OFTEN: N_("It repeats several times a day."),
    MANY: N_("The file holds too many events or repetitions: from here on they are left out."),
}
"""Why an event cannot become leave."""

FLOATING, UNKNOWN_ZONE, CUT, REST_LEFT_OUT = "floating", "unknown_zone", "cut", "rest_left_out"
NOTES = {
    FLOATING: N_("It names no time zone; its times are read as local times."),
    UNKNOWN_ZONE: N_("Its time zone is not known; its times are read as local times."),
    CUT: N_("Only its days from today on, within two years, are taken."),
    REST_LEFT_OUT: N_("It repeats very often: later repetitions are left out."),
}
"""What to know before one relies on the days of an event."""

OLD_CHARACTERS, CUT_OFF, CANCELS = "old_characters", "cut_off", "cancels"
FILE_NOTES = {
    OLD_CHARACTERS: N_("The file is not written in UTF-8, so titles may look odd. The days are not affected."),
    CUT_OFF: N_("The file ends in the middle, so events may be missing. Export it once more if you can."),
    CANCELS: N_("This file takes events back: all of them are marked as cancelled."),
}
"""What to know about a file as a whole."""

STATES = {
    "free": N_("shown as free"),
    "tentative": N_("not confirmed"),
    "elsewhere": N_("working elsewhere"),
    "cancelled": N_("cancelled"),
}
"""What marks an event that is not chosen beforehand."""
