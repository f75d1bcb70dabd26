package qrate.sendlimits;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.SaidOnce;

/// The rules in force: looked at again each second, and kept as they were while the file makes no sense. Used under the
/// lock of {@link SendLimits}.
final class RuleFile {
    private final Optional<Control> control;
    private final SaidOnce trouble;
    private List<String> read = List.of();
    private SendRules current;

    /// @param control nothing when nobody is limited
    RuleFile(Optional<Control> control, Log log) {
        this.control = control;
        this.trouble = new SaidOnce(log::line);
        this.current = control.isPresent() ? SendRules.USUAL : SendRules.OFF;
    }

    SendRules current() {
        if (control.isEmpty()) {
            return current;
        }
        try {
            List<String> lines = control.get().lines("sendlimits");
            if (!lines.equals(read)) {
                current = SendRules.read(lines);
                read = lines;
            }
            trouble.well();
        } catch (IOException | SendRules.Nonsense e) {
            trouble.say("alert: control/sendlimits: " + e.getMessage() + "; what was in force before stays so");
        }
        return current;
    }
}
