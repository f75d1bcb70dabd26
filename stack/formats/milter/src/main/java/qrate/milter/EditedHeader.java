package qrate.milter;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import qrate.message.Field;

/// A header and what milters do to it, counted as Sendmail counts: {@link MilterReply.ChangeField#index} from
/// 1 among the fields of one name that the milter was shown, and those that it added; {@link
/// MilterReply.InsertField#place} from 0 among all fields, those of the SMTP server's own too. A field that
/// was taken away keeps its place in the count until the next milter's turn, so that it does not matter in
/// which order a milter takes several away.
///
/// @param lines in order
public record EditedHeader(List<Line> lines) {
    /// A field in its place.
    ///
    /// @param hidden whether it is the SMTP server's own, which no milter is shown or may change
    /// @param gone whether it was taken away
    record Line(Field field, boolean hidden, boolean gone) {}

    public EditedHeader {
        lines = List.copyOf(lines);
    }

    /// A header that nobody has changed yet.
    ///
    /// @param own the SMTP server's own fields on top (Received), which no milter is shown
    /// @param came those that came with the message
    public static EditedHeader of(List<Field> own, List<Field> came) {
        List<Line> lines = new ArrayList<>();
        own.forEach(field -> lines.add(new Line(field, true, false)));
        came.forEach(field -> lines.add(new Line(field, false, false)));
        return new EditedHeader(lines);
    }

    /// The header after some changes by one milter.
    public EditedHeader after(List<MilterReply.FieldChange> changes) {
        List<Line> now = new ArrayList<>(lines);
        for (MilterReply.FieldChange change : changes) {
            switch (change) {
                case MilterReply.AddField(var name, var value) -> now.add(line(name, value));
                case MilterReply.InsertField(var place, var name, var value) ->
                    now.add(Math.min(place, now.size()), line(name, value));
                case MilterReply.ChangeField(var index, var name, var value) -> change(now, index, name, value);
            }
        }
        now.removeIf(Line::gone);
        return new EditedHeader(now);
    }

    private static void change(List<Line> now, int index, String name, String value) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int seen = 0;
        for (int i = 0; i < now.size(); i++) {
            Line line = now.get(i);
            if (!line.hidden && line.field.name().equals(wanted) && ++seen >= index) {
                now.set(i, value.isEmpty() ? new Line(line.field, false, true) : line(name, value));
                return;
            }
        }
        if (!value.isEmpty()) {
            now.add(line(name, value)); // as smfi_chgheader promises for an index beyond the last
        }
    }

    private static Line line(String name, String value) {
        return new Line(new Field(name + ":" + value + "\n", 0, true), false, false);
    }

    /// What a milter is shown.
    public List<Field> shown() {
        return lines.stream().filter(line -> !line.hidden).map(Line::field).toList();
    }

    /// All of it.
    public List<Field> fields() {
        return lines.stream().map(Line::field).toList();
    }

    /// The bytes of it, LF at the end of each line, without the empty line behind it.
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Line line : lines) {
            byte[] raw = line.field.bytes();
            bytes.write(raw, 0, raw.length);
            if (raw.length == 0 || raw[raw.length - 1] != '\n') {
                bytes.write('\n'); // the last line of a message that ended there
            }
        }
        return bytes.toByteArray();
    }
}
