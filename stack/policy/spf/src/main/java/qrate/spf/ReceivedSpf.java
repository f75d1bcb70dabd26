package qrate.spf;

import java.util.StringJoiner;

/// The words of Received-SPF (RFC 7208 §9.1).
final class ReceivedSpf {
    /// Longest value or comment, in characters; what is beyond is cut off. A line must stay below 998 (RFC 5322
    /// §2.1.1).
    static final int VALUE_CHARS_MAX = 400;

    private static final String DOT_ATOM_MORE = "!#$&'*+-/=?^_`{|}~";

    private ReceivedSpf() {}

    static String text(SpfResult result, String receiver) {
        SpfFindings found = result.findings();
        SpfSubject subject = found.subject();
        StringJoiner pairs = new StringJoiner(";\n  ");
        pairs.add("receiver=" + value(receiver));
        pairs.add("client-ip=" + SpfMacroValues.readable(subject.client().address())); // RFC 7208 has it bare
        pairs.add("identity=" + subject.identity().word());
        pairs.add("envelope-from=" + quoted(subject.sender()));
        pairs.add("helo=" + value(subject.client().helo()));
        if (!found.mechanism().isEmpty()) {
            pairs.add("mechanism=" + value(found.mechanism()));
        }
        switch (result) {
            case SpfResult.TempError(var _, var why) -> pairs.add("problem=" + quoted(why));
            case SpfResult.PermError(var _, var why) -> pairs.add("problem=" + quoted(why));
            case SpfResult.None _, SpfResult.Neutral _, SpfResult.Pass _, SpfResult.Fail _, SpfResult.SoftFail _ -> {}
        }
        return result.word() + " (" + escaped(receiver + ": " + result.reason(), "()\\") + ")\n  " + pairs;
    }

    private static String value(String text) {
        boolean bare = !text.isEmpty() && !text.startsWith(".") && !text.endsWith(".") && !text.contains("..");
        for (int i = 0; i < text.length() && bare; i++) {
            char c = text.charAt(i);
            bare = c == '.' || SpfMacro.isAlphanumeric(c) || DOT_ATOM_MORE.indexOf(c) >= 0;
        }
        return bare && text.length() <= VALUE_CHARS_MAX ? text : quoted(text);
    }

    private static String quoted(String text) {
        return '"' + escaped(text, "\"\\") + '"';
    }

    private static String escaped(String text, String special) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(VALUE_CHARS_MAX).forEach(c -> {
            if (special.indexOf(c) >= 0) {
                out.append('\\');
            }
            out.appendCodePoint(Character.isISOControl(c) ? '?' : c);
        });
        return out.toString();
    }
}
