package dev.warder.ledger.store;

import dev.warder.http.Dialect;
import dev.warder.ledger.store.Journal.HeldInstead;
import dev.warder.usage.UsageRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Intents and rows as bytes of the journal. The first byte is the kind and, with it, the version: a change of the format
 * gets new kinds, and the old ones stay readable. A new {@link Column} is no change of the format.
 */
public final class RecordCodec {
    private static final int INTENT = 1;
    private static final int HOLDING_INTENT = 4;
    private static final int HELD_INSTEAD = 5;
    private static final int SETTLED = 10;

    /** Of each pair of kinds of rows, the odd one has rows that are charged. */
    private static final int CHARGED = 11;

    private RecordCodec() {}

    public static byte[] encode(Journal.Entry entry) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            if (entry instanceof Intent intent) {
                intent(out, intent);
            } else if (entry instanceof Intent.Settled settled) {
                settled(out, settled);
            } else if (entry instanceof HeldInstead held) {
                out.writeByte(HELD_INSTEAD);
                id(out, held.intent());
                out.writeLong(held.nanos());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void intent(DataOutputStream out, Intent intent) throws IOException {
        out.writeByte(intent.held().isPresent() ? HOLDING_INTENT : INTENT);
        id(out, intent.id());
        time(out, intent.admitted());
        text(out, intent.caller().requestId());
        text(out, intent.caller().client());
        text(out, intent.caller().session());
        out.writeUTF(intent.caller().dialect().name());
        text(out, intent.model());
        if (intent.held().isPresent()) {
            charged(out, intent.held().get().charged());
            out.writeLong(intent.held().get().nanos());
        }
    }

    private static void settled(DataOutputStream out, Intent.Settled settled) throws IOException {
        out.writeByte(settled.charged().isPresent() ? CHARGED : SETTLED);
        out.writeBoolean(settled.intent().isPresent());
        if (settled.intent().isPresent()) {
            id(out, settled.intent().get());
        }
        out.writeInt(settled.rows().size());
        for (var row : settled.rows()) {
            row(out, row);
        }
        if (settled.charged().isPresent()) {
            charged(out, settled.charged().get());
        }
    }

    /** Whether these bytes are of an intent, or of what it holds. */
    public static boolean isOfIntent(byte[] bytes) {
        return bytes[0] == INTENT || bytes[0] == HOLDING_INTENT || bytes[0] == HELD_INSTEAD;
    }

    /**
     * Reads a record.
     *
     * @throws IOException when these are not the bytes of a known kind
     */
    public static Journal.Entry decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            return switch (kind) {
                case INTENT, HOLDING_INTENT -> intent(in, kind == HOLDING_INTENT);
                case HELD_INSTEAD -> new HeldInstead(id(in), in.readLong());
                case 2, 3, 6, 7, 8, 9, SETTLED, CHARGED -> settled(in, kind);
                default -> throw new IOException("a kind of a newer version");
            };
        } catch (IllegalArgumentException newer) {
            throw new IOException("a value of a newer version", newer);
        }
    }

    private static Intent intent(DataInputStream in, boolean holds) throws IOException {
        return new Intent(
                id(in),
                time(in),
                new UsageRow.Caller(in.readUTF(), text(in), text(in), Optional.empty(), Dialect.valueOf(in.readUTF())),
                text(in),
                holds ? Optional.of(new HeldAmount(charged(in), in.readLong())) : Optional.empty());
    }

    private static Intent.Settled settled(DataInputStream in, int kind) throws IOException {
        Optional<UUID> intent = in.readBoolean() ? Optional.of(id(in)) : Optional.empty();
        var rows = new ArrayList<LedgerRow>();
        for (int left = in.readInt(); left > 0; left--) {
            rows.add(kind < SETTLED ? EarlierRow.read(in, kind) : row(in));
        }
        return new Intent.Settled(intent, rows, kind % 2 == 1 ? Optional.of(charged(in)) : Optional.empty());
    }

    private static void charged(DataOutputStream out, Charged charged) throws IOException {
        id(out, charged.run());
        out.writeInt(charged.periods().size());
        for (var period : charged.periods()) {
            out.writeUTF(period.budget());
            time(out, period.start());
        }
    }

    private static Charged charged(DataInputStream in) throws IOException {
        var run = id(in);
        var periods = new ArrayList<PeriodKey>();
        for (int left = in.readInt(); left > 0; left--) {
            periods.add(new PeriodKey(in.readUTF(), time(in)));
        }
        return new Charged(run, periods);
    }

    /** A bit for each column that has a value, and the values in the order of the columns, of which there are at most 64. */
    private static void row(DataOutputStream out, LedgerRow row) throws IOException {
        long present = 0;
        long bit = 1;
        for (var column : Column.ALL) {
            present |= row.get(column) == null ? 0 : bit;
            bit <<= 1;
        }
        out.writeLong(present);
        for (var value : row.values().values()) {
            if (value instanceof Long number) {
                out.writeLong(number);
            } else if (value instanceof Boolean flag) {
                out.writeBoolean(flag);
            } else if (value instanceof Instant time) {
                out.writeLong(time.toEpochMilli());
            } else {
                out.writeUTF(value.toString());
            }
        }
    }

    private static LedgerRow row(DataInputStream in) throws IOException {
        var values = new EnumMap<>(Column.class);
        long present = in.readLong();
        for (var column : Column.ALL) {
            if ((present & 1) == 1) {
                column.put(values, value(in, column.kind()));
            }
            present >>>= 1;
        }
        if (present != 0) {
            throw new IOException("a column of a newer version");
        }
        return new LedgerRow(values);
    }

    private static Object value(DataInputStream in, Column.Kind kind) throws IOException {
        return switch (kind) {
            case TEXT -> in.readUTF();
            case INTEGER -> in.readLong();
            case DECIMAL -> new BigDecimal(in.readUTF());
            case FLAG -> in.readBoolean();
            case TIME -> Instant.ofEpochMilli(in.readLong());
        };
    }

    /**
     * Rows of earlier versions, whose columns are always the same. Kinds before 6 have no team, and kinds before 8 no hints of
     * the request. It never changes.
     */
    private static final class EarlierRow {
        private static final int WITH_TEAMS = 6;
        private static final int WITH_HINTS = 8;

        private static final List<Column> COLUMNS = Stream.of(
                        """
                        TRY_ID PART ADMITTED_AT ENDED_AT REQUEST_ID CLIENT SESSION_ID AGENT_ID DIALECT TEAM REQUEST_CLASS \
                        AGENT_TYPE PROMPT_ID MODEL_ASKED MODEL_SENT MODEL_ANSWERED CREDENTIAL CREDENTIAL_KIND \
                        UPSTREAM_REQUEST_ID UPSTREAM_STATUS ENDED_AS INPUT_TOKENS WRITE_5M_TOKENS WRITE_1H_TOKENS \
                        READ_TOKENS OUTPUT_TOKENS THINKING_TOKENS WEB_SEARCHES WEB_FETCHES TIER SPEED GEO STOP_REASON \
                        PRICE_VERSION COST_USD COST_NANOS PRICE_ASSUMED BILLED BASIS FIRST_BYTE_MS DURATION_MS"""
                                .split(" "))
                .map(Column::valueOf)
                .toList();

        static LedgerRow read(DataInputStream in, int kind) throws IOException {
            var values = new EnumMap<>(Column.class);
            for (var column : COLUMNS) {
                if (kind >= firstKind(column)) {
                    column.put(values, value(in, column));
                }
            }
            return new LedgerRow(values);
        }

        private static int firstKind(Column column) {
            return switch (column) {
                case TEAM -> WITH_TEAMS;
                case REQUEST_CLASS, AGENT_TYPE, PROMPT_ID -> WITH_HINTS;
                default -> 0;
            };
        }

        private static Object value(DataInputStream in, Column column) throws IOException {
            return switch (column) {
                case TRY_ID -> id(in);
                case PART -> (long) in.readInt();
                case ADMITTED_AT, ENDED_AT -> time(in);
                case REQUEST_ID, CREDENTIAL, CREDENTIAL_KIND, PRICE_VERSION -> in.readUTF();
                case DIALECT, TIER, SPEED, BASIS -> in.readUTF().toLowerCase(Locale.ROOT);
                case ENDED_AS -> UsageRow.End.valueOf(in.readUTF()).word();
                case UPSTREAM_STATUS -> Optional.of((long) in.readInt()).filter(status -> status != 0);
                case FIRST_BYTE_MS ->
                    Optional.of(Duration.ofNanos(in.readLong())).filter(time -> !time.isNegative());
                case DURATION_MS -> Duration.ofNanos(in.readLong());
                default -> column.kind() == Column.Kind.TEXT ? text(in) : RecordCodec.value(in, column.kind());
            };
        }
    }

    private static void id(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID id(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void time(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Instant time(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeUTF(LedgerRow.storable(text, 256));
    }

    private static void text(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            text(out, text.get());
        }
    }

    private static Optional<String> text(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
    }
}
