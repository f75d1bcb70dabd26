package qrate.milter;

import java.util.ArrayList;
import java.util.List;

/// What a milter of ours answers to a step.
///
/// @param changes of the message, in order; only at the body's end, and only such as it has asked for
/// @param decision of the step, and at the body's end of the message
public record MilterAnswer(List<MilterReply.Change> changes, MilterReply.Decision decision) {
    /// Go on.
    public static final MilterAnswer CONTINUE = of(new MilterReply.Continue());

    public MilterAnswer {
        changes = List.copyOf(changes);
    }

    /// No more than a decision.
    public static MilterAnswer of(MilterReply.Decision decision) {
        return new MilterAnswer(List.of(), decision);
    }

    /// Refused.
    ///
    /// @param code 400 to 599
    /// @param line with an enhanced code of the same class in front
    public static MilterAnswer refuse(int code, String line) {
        return of(MilterReply.Code.of(code, line));
    }

    /// The same with one change more.
    public MilterAnswer with(MilterReply.Change change) {
        List<MilterReply.Change> all = new ArrayList<>(changes);
        all.add(change);
        return new MilterAnswer(all, decision);
    }
}
