package qrate.queue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Envelope;
import qrate.core.Recipient;

/// Reads `Fsender\0Trecipient\0…\0`.
final class EnvelopeReader {
    /// The envelope is not one.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final QmailQueue.Exit exit;

        Refused(QmailQueue.Exit exit) {
            super(exit.name());
            this.exit = exit;
        }

        QmailQueue.Exit exit() {
            return exit;
        }
    }

    private EnvelopeReader() {}

    /// @throws EOFException when the extra NUL at the end is missing
    static Envelope read(InputStream in) throws IOException, Refused {
        byte[] all = in.readNBytes(Limits.ENVELOPE_BYTES_MAX + 1);
        if (all.length > Limits.ENVELOPE_BYTES_MAX) {
            throw new Refused(QmailQueue.Exit.REFUSED);
        }
        List<Recipient> recipients = new ArrayList<>();
        String sender = "";
        int at = 0;
        for (char kind = 'F'; ; kind = 'T') {
            if (at == all.length) {
                throw new EOFException("the envelope ends early");
            }
            if (kind == 'T' && all[at] == 0) {
                break;
            }
            if (all[at] != kind) {
                throw new Refused(QmailQueue.Exit.BAD_ENVELOPE);
            }
            int end = at + 1;
            while (end < all.length && all[end] != 0) {
                end++;
            }
            if (end == all.length) {
                throw new EOFException("the envelope ends in an address");
            }
            String address = address(ByteBuffer.wrap(all, at + 1, end - at - 1));
            if (kind == 'F') {
                sender = address;
            } else {
                recipients.add(recipient(address));
            }
            at = end + 1;
        }
        return envelope(sender, recipients);
    }

    private static String address(ByteBuffer bytes) throws Refused {
        if (bytes.remaining() > QmailQueue.ADDRESS_BYTES_MAX) {
            throw new Refused(QmailQueue.Exit.ADDRESS_TOO_LONG);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw new Refused(QmailQueue.Exit.BAD_ENVELOPE);
        }
    }

    private static Recipient recipient(String address) throws Refused {
        try {
            return Recipient.of(address);
        } catch (IllegalArgumentException _) {
            throw new Refused(QmailQueue.Exit.BAD_ENVELOPE);
        }
    }

    private static Envelope envelope(String sender, List<Recipient> recipients) throws Refused {
        try {
            return new Envelope(sender, "", recipients);
        } catch (IllegalArgumentException _) {
            throw new Refused(QmailQueue.Exit.BAD_ENVELOPE);
        }
    }
}
