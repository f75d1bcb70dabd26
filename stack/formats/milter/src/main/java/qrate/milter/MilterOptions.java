package qrate.milter;

import java.net.ProtocolException;
import java.util.Map;
import java.util.Set;

/// What both ends agree on before anything else is said.
///
/// @param version of the protocol
/// @param actions what a milter may change: bits of {@link Action}
/// @param steps what is sent, answered and understood: bits of {@link MilterStage} and those named here
/// @param symbols the macros that a milter wants at a step, separated by blanks; a step that is not named gets
///     none if any is named, and the usual ones if none is
public record MilterOptions(int version, int actions, int steps, Map<MilterStage, String> symbols) {
    /// The newest version of the protocol, and ours.
    public static final int VERSION_MAX = 6;

    /// The oldest that is spoken: that of Sendmail 8.11.
    public static final int VERSION_MIN = 2;

    /// SMFIP_SKIP: the SMTP server understands "no more of these".
    public static final int SKIP = 1 << 10;

    /// SMFIP_RCPT_REJ: the milter wants to hear of recipients that were refused already.
    public static final int REFUSED_RECIPIENTS = 1 << 11;

    /// SMFIP_HDR_LEADSPC: values of fields have the blank behind the colon in front.
    public static final int LEADING_BLANK = 1 << 20;

    /// All steps of version 6.
    static final int STEPS_ALL = (1 << 21) - 1;

    /// All steps of the versions before 6 that a milter can choose.
    private static final int STEPS_BEFORE_6 = (1 << 10) - 1;

    /// The actions that a milter of the first version knew; who offers none means these.
    private static final int ACTIONS_FIRST = 0xf;

    /// What a milter may change (SMFIF_*).
    public enum Action {
        /// Fields may be added and inserted.
        ADD_FIELDS(0),
        /// The body may be replaced.
        REPLACE_BODY(1),
        /// Recipients may be added.
        ADD_RECIPIENTS(2),
        /// Recipients may be taken away.
        DELETE_RECIPIENTS(3),
        /// Fields may be changed and taken away.
        CHANGE_FIELDS(4),
        /// The message may be put aside.
        QUARANTINE(5),
        /// The sender may be changed.
        CHANGE_SENDER(6),
        /// Recipients with ESMTP parameters may be added.
        ADD_RECIPIENTS_WITH_PARAMETERS(7),
        /// The milter may name the macros that it wants.
        NAME_MACROS(8);

        private final int bit;

        Action(int place) {
            this.bit = 1 << place;
        }

        /// Its bit.
        public int bit() {
            return bit;
        }
    }

    private static final int ACTIONS_ALL = (1 << 9) - 1;

    public MilterOptions {
        symbols = Map.copyOf(symbols);
    }

    /// What our client offers: everything.
    static final MilterOptions OFFER = new MilterOptions(VERSION_MAX, ACTIONS_ALL, STEPS_ALL, Map.of());

    /// What a milter asks for: to change so much, and not to be told of some steps.
    public static MilterOptions wish(Set<Action> actions, Set<MilterStage> unwanted) {
        int steps = SKIP | LEADING_BLANK;
        for (MilterStage stage : unwanted) {
            steps |= stage.unwanted();
        }
        return new MilterOptions(
                VERSION_MAX, actions.stream().mapToInt(Action::bit).sum(), steps, Map.of());
    }

    /// The same with more bits among the steps: {@link #REFUSED_RECIPIENTS}, {@link MilterStage#unanswered}.
    public MilterOptions with(int more) {
        return new MilterOptions(version, actions, steps | more, symbols);
    }

    /// The same, asking for these macros.
    public MilterOptions naming(Map<MilterStage, String> wanted) {
        return new MilterOptions(version, actions | Action.NAME_MACROS.bit(), steps, wanted);
    }

    boolean may(Action action) {
        return (actions & action.bit()) != 0;
    }

    boolean has(int step) {
        return (steps & step) != 0;
    }

    boolean wants(MilterStage stage) {
        return stage.version() <= version && !has(stage.unwanted());
    }

    /// A milter's answer to this offer, as far as its version goes.
    ///
    /// @throws ProtocolException for an answer that asks for more than was offered
    MilterOptions answered(MilterOptions answer) throws ProtocolException {
        if (answer.version < VERSION_MIN || answer.version > version) {
            throw new ProtocolException("version " + answer.version + " of the protocol");
        }
        if ((answer.actions & ~actions) != 0 || (answer.steps & ~steps) != 0) {
            throw new ProtocolException("it wants what was not offered: actions " + Integer.toHexString(answer.actions)
                    + ", steps " + Integer.toHexString(answer.steps));
        }
        return new MilterOptions(
                answer.version,
                answer.actions,
                answer.version < VERSION_MAX ? answer.steps & STEPS_BEFORE_6 : answer.steps,
                answer.symbols);
    }

    /// What a milter with this wish answers to an offer. A step that the other end cannot leave out is taken
    /// and answered all the same.
    ///
    /// @throws ProtocolException when what it must be able to do is not offered
    MilterOptions answer(MilterOptions offer) throws ProtocolException {
        if (offer.version < VERSION_MIN) {
            throw new ProtocolException("version " + offer.version + " of the protocol");
        }
        int offered = offer.actions == 0 ? ACTIONS_FIRST : offer.actions;
        int named = Action.NAME_MACROS.bit();
        if ((actions & ~offered & ~named) != 0) {
            throw new ProtocolException("the actions " + Integer.toHexString(offered) + " are not enough");
        }
        boolean names = (actions & offered & named) != 0;
        return new MilterOptions(
                Math.min(version, offer.version), actions & offered, steps & offer.steps, names ? symbols : Map.of());
    }
}
