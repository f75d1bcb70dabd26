package qrate.gate;

import java.util.Locale;

/// How strict a recipient's domain is.
///
/// @param spf the level of `control/spfbehavior`, 0 to {@link #SPF_MAX}
/// @param dmarc what is done for DMARC
record Modes(int spf, Modes.ByDmarc dmarc) {
    /// The strictest level of SPF: whatever does not pass is refused.
    static final int SPF_MAX = 6;

    /// From which level on what DNS did not tell is put off.
    static final int SPF_PUTS_OFF = 2;

    /// From which level on what the domain forbids is refused.
    static final int SPF_REFUSES_FAIL = 3;

    /// The same for what it probably forbids.
    static final int SPF_REFUSES_SOFTFAIL = 4;

    /// The same where it says nothing either way.
    static final int SPF_REFUSES_NEUTRAL = 5;

    /// What is done with what a domain wants done, mildest first.
    enum ByDmarc {
        /// it is not asked
        OFF,
        /// it is said in the header
        MARK,
        /// what is to be put aside or refused is spam
        JUNK,
        /// what is to be refused is put aside, too
        QUARANTINE,
        /// what is to be put aside is spam
        REFUSE_JUNK,
        /// all
        REFUSE;

        /// The word of `control/dmarc`.
        ///
        /// @throws IllegalArgumentException for another
        static ByDmarc of(String word) {
            for (ByDmarc one : values()) {
                if (one.word().equals(word)) {
                    return one;
                }
            }
            throw new IllegalArgumentException(
                    "dmarc is off, mark, junk, quarantine, refuse-junk or refuse, not " + word);
        }

        /// Its word in `control/dmarc`.
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean refuses() {
            return this == REFUSE || this == REFUSE_JUNK;
        }

        boolean junks() {
            return this == JUNK || this == REFUSE_JUNK;
        }
    }

    /// As the control files that hold them: `spfbehavior 1, dmarc mark`.
    @Override
    public String toString() {
        return "spfbehavior " + spf + ", dmarc " + dmarc.word();
    }

    /// The milder of both, each of them by itself.
    Modes milder(Modes other) {
        return new Modes(Math.min(spf, other.spf), dmarc.compareTo(other.dmarc) < 0 ? dmarc : other.dmarc);
    }

    /// These with what a line of `control/policydomains` says behind its domain.
    ///
    /// @throws IllegalArgumentException says what is wrong in it
    Modes with(String setting) {
        if (setting.startsWith("dmarc=")) {
            return new Modes(spf, ByDmarc.of(setting.substring("dmarc=".length())));
        }
        String level = setting.startsWith("spf=") ? setting.substring("spf=".length()) : "";
        if (level.length() != 1 || level.charAt(0) < '0' || level.charAt(0) > '0' + SPF_MAX) {
            throw new IllegalArgumentException(setting + " is neither spf=LEVEL, 0 to " + SPF_MAX + ", nor dmarc=WORD");
        }
        return new Modes(level.charAt(0) - '0', dmarc);
    }
}
