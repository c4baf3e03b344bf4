package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.H2Memory;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2VersionsTest implements VersionsContract {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @Override
    public DataSource database() {
        return h2.database();
    }

    @Test
    void reportsADatabaseThatIsAwayWithoutItsAddress() {
        var away = new JdbcDataSource();
        away.setURL("jdbc:h2:tcp://127.0.0.1:1/planted");
        assertThatThrownBy(() -> new DatabaseVersions(away).raise(VersionsContract.version(1)))
                .isInstanceOf(VersionStoreException.class)
                .hasMessageStartingWith("jdbc/warder fails (SQL state ")
                .hasMessageNotContaining("planted");
    }
}
