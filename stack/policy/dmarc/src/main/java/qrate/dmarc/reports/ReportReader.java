package qrate.dmarc.reports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads a report (RFC 9990 §3.1.1; RFC 7489 appendix C and its drafts, as large providers send them): any
/// namespace or none, elements in any order, unknown ones and extensions passed over. No document type, no
/// entity but XML's own five.
public final class ReportReader {
    /// Deepest element that is read.
    static final int DEPTH_MAX = 16;

    /// Most records.
    static final int ROWS_MAX = 20_000;

    /// How much of an element's text is kept, in characters; the rest is passed over.
    static final int TEXT_CHARS_MAX = 1_000;

    private static final int DECLARATION_BYTES_MAX = 256;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private ReportReader() {}

    /// How reading one went.
    public sealed interface Read {
        /// Well.
        record Good(AggregateReport report) implements Read {}

        /// It is no report, or breaks a limit.
        record Bad(String why) implements Read {}
    }

    /// It is no report that can be read.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    /// Reads a report as it was attached: plain, gzip, or the first file of a zip, by its first bytes and not by
    /// its name. The stream is read no further than {@link Unpacked} allows.
    ///
    /// @throws IOException when the stream itself breaks
    public static Read read(InputStream attached) throws IOException {
        Unpacked.Source source = new Unpacked.Source(attached);
        try {
            return new Read.Good(xml(Unpacked.of(source)));
        } catch (Unreadable e) {
            return new Read.Bad(e.getMessage());
        } catch (XMLStreamException e) {
            source.rethrow();
            return new Read.Bad(e.getNestedException() instanceof IOException inner ? inner.getMessage() : "no XML");
        } catch (IOException e) {
            source.rethrow();
            return new Read.Bad(String.valueOf(e.getMessage()));
        }
    }

    private static AggregateReport xml(InputStream in) throws IOException, XMLStreamException, Unreadable {
        XMLStreamReader xml = factory().createXMLStreamReader(text(in));
        try {
            return document(xml);
        } finally {
            xml.close();
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((_, _, _, _) -> InputStream.nullInputStream());
        return factory;
    }

    private static AggregateReport document(XMLStreamReader xml) throws XMLStreamException, Unreadable {
        ReportElements elements = new ReportElements();
        String namespace = "";
        int foreign = 0; // how deep in elements of an extension
        while (xml.hasNext()) {
            switch (next(xml)) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new Unreadable("a document type or entity");
                case XMLStreamConstants.START_ELEMENT -> {
                    String its = xml.getNamespaceURI() == null ? "" : xml.getNamespaceURI();
                    namespace = elements.depth() == 0 ? its : namespace;
                    if (foreign > 0 || !(its.isEmpty() || its.equals(namespace))) {
                        foreign++;
                    } else {
                        elements.open(xml.getLocalName());
                    }
                    if (elements.depth() + foreign > DEPTH_MAX) {
                        throw new Unreadable("elements more than " + DEPTH_MAX + " deep");
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (foreign > 0) {
                        foreign--;
                    } else {
                        elements.close();
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (foreign == 0) {
                        elements.text(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    }
                }
                default -> {
                    // comments, instructions, the end
                }
            }
        }
        return elements.report();
    }

    private static int next(XMLStreamReader xml) throws XMLStreamException, Unreadable {
        try {
            return xml.next();
        } catch (RuntimeException _) {
            throw new Unreadable("no XML"); // the JDK's reader stumbles over its own message about some (JDK 25)
        }
    }

    /// The document as characters, without the empty lines that some send before it and XML forbids. What is no
    /// text of its encoding is replaced here: the JDK's reader would write about it on standard error.
    private static Reader text(InputStream bytes) throws IOException {
        BufferedInputStream in = new BufferedInputStream(bytes);
        in.mark(DECLARATION_BYTES_MAX);
        String begin = new String(in.readNBytes(DECLARATION_BYTES_MAX), StandardCharsets.ISO_8859_1);
        in.reset();
        PushbackReader text = new PushbackReader(new InputStreamReader(in, charset(begin)));
        int c = text.read();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == BYTE_ORDER_MARK) {
            c = text.read();
        }
        if (c >= 0) {
            text.unread(c);
        }
        return text;
    }

    /// By the byte order mark or the declaration; what is neither UTF-16 nor a Latin one is read as UTF-8.
    private static Charset charset(String begin) {
        if (begin.startsWith("\u00fe\u00ff") || begin.startsWith("\u00ff\u00fe")) {
            return StandardCharsets.UTF_16;
        }
        int end = begin.indexOf("?>");
        String declaration = end < 0 ? "" : begin.substring(0, end).toLowerCase(Locale.ROOT);
        boolean latin = declaration.contains("iso-8859-1") || declaration.contains("windows-1252");
        return latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }
}
