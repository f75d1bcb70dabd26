package qrate.milter;

import qrate.message.Field;

/// A field as milters are shown it: its lines parted by LF, and behind the colon the blank or not.
final class ShownField {
    private ShownField() {}

    /// @param blank whether the milter asked for the blank behind the colon; else one is taken away, as
    ///     Sendmail does
    static MilterCommand.FieldLine shown(Field field, boolean blank) {
        String raw = field.raw();
        String value = raw.substring(raw.indexOf(':') + 1).replace("\r\n", "\n");
        value = value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
        return new MilterCommand.FieldLine(field.written(), blank ? value : without(value));
    }

    /// Without the blank in front.
    static String without(String value) {
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    /// A change as it is to be written down.
    ///
    /// @param blank whether the milter writes the blank behind the colon itself
    static MilterReply.FieldChange meant(MilterReply.FieldChange change, boolean blank) {
        if (blank) {
            return change;
        }
        return switch (change) {
            case MilterReply.AddField(var name, var value) -> new MilterReply.AddField(name, " " + value);
            case MilterReply.InsertField(var place, var name, var value) ->
                new MilterReply.InsertField(place, name, " " + value);
            case MilterReply.ChangeField(var index, var name, var value) ->
                value.isEmpty() ? change : new MilterReply.ChangeField(index, name, " " + value);
        };
    }

    /// The same for the way back: what our milter says to a server that writes the blank itself.
    static MilterReply.Change sent(MilterReply.Change change, boolean blank) {
        if (blank) {
            return change;
        }
        return switch (change) {
            case MilterReply.AddField(var name, var value) -> new MilterReply.AddField(name, without(value));
            case MilterReply.InsertField(var place, var name, var value) ->
                new MilterReply.InsertField(place, name, without(value));
            case MilterReply.ChangeField(var index, var name, var value) ->
                new MilterReply.ChangeField(index, name, without(value));
            case MilterReply other -> (MilterReply.Change) other;
        };
    }
}
