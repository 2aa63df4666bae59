// The program for `wordfreq count`: the same, but built with all that it needs in one file, because nobody waits for a count of little
// text, and each file takes time.
import './run-program.ts';
