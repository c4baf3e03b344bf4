package dev.warder.contract;

import dev.warder.testkit.JettyContainer;
import org.junit.jupiter.api.Nested;

class JettyIT {
    @Nested
    class Admin extends AdminContract {
        Admin() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Answer extends AnswerContract {
        Answer() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class AnswerFields extends AnswerFieldsContract {
        AnswerFields() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class BackPressure extends BackPressureContract {
        BackPressure() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Bytes extends ByteContract {
        Bytes() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class CallerChoice extends CallerChoiceContract {
        CallerChoice() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Canaries extends CanaryContract {
        Canaries() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Chat extends ChatContract {
        Chat() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatCoding extends ChatCodingContract {
        ChatCoding() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatDrain extends ChatDrainContract {
        ChatDrain() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatFailover extends ChatFailoverContract {
        ChatFailover() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatMemory extends ChatMemoryContract {
        ChatMemory() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatModels extends ChatModelsContract {
        ChatModels() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatPolicy extends ChatPolicyContract {
        ChatPolicy() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatShapes extends ChatShapesContract {
        ChatShapes() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ChatSilence extends ChatSilenceContract {
        ChatSilence() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ClaudeCode extends ClaudeCodeContract {
        ClaudeCode() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ClientFile extends ClientFileContract {
        ClientFile() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ClientLoss extends ClientLossContract {
        ClientLoss() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Coding extends CodingContract {
        Coding() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Configuration extends ConfigurationContract {
        Configuration() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class CredentialAdmin extends CredentialAdminContract {
        CredentialAdmin() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ConnectionToken extends ConnectionTokenContract {
        ConnectionToken() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Credential extends CredentialContract {
        Credential() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class CrossTalk extends CrossTalkContract {
        CrossTalk() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Database extends DatabaseContract {
        Database() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Differential extends DifferentialContract {
        Differential() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Dispatch extends DispatchContract {
        Dispatch() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class DroppedFields extends DroppedFieldsContract {
        DroppedFields() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class DuplicateMembers extends DuplicateMembersContract {
        DuplicateMembers() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class EarlyAnswer extends EarlyAnswerContract {
        EarlyAnswer() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Blame extends BlameContract {
        Blame() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class FirstByte extends FirstByteContract {
        FirstByte() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class FacadeFaults extends FacadeFaultsContract {
        FacadeFaults() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Failover extends FailoverContract {
        Failover() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class FailoverEnd extends FailoverEndContract {
        FailoverEnd() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Fault extends FaultContract {
        Fault() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Federation extends FederationContract {
        Federation() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class FieldInput extends FieldInputContract {
        FieldInput() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Fields extends FieldsContract {
        Fields() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Framing extends FramingContract {
        Framing() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Gate extends GateContract {
        Gate() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Health extends HealthContract {
        Health() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Http2Jetty extends Http2JettyContract {
        Http2Jetty() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Http2Message extends Http2MessageContract {
        Http2Message() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Http2Refusal extends Http2RefusalContract {
        Http2Refusal() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Http2Sharing extends Http2SharingContract {
        Http2Sharing() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class JsonInput extends JsonInputContract {
        JsonInput() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class LateUse extends LateUseContract {
        LateUse() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class LargeBody extends LargeBodyContract {
        LargeBody() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class LifeCycle extends LifeCycleContract {
        LifeCycle() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Memory extends MemoryContract {
        Memory() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Reload extends ReloadContract {
        Reload() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Newcomer extends NewcomerContract {
        Newcomer() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Method extends MethodContract {
        Method() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Migrating extends MigratingContract {
        Migrating() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class ModelPolicy extends ModelPolicyContract {
        ModelPolicy() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Naughty extends NaughtyContract {
        Naughty() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OAuth extends OAuthContract {
        OAuth() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OAuthSecrets extends OAuthSecretsContract {
        OAuthSecrets() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OAuthStore extends OAuthStoreContract {
        OAuthStore() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAiLangChain4j extends LangChain4jContract {
        OpenAiLangChain4j() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAiPaths extends OpenAiPathsContract {
        OpenAiPaths() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAiSdk extends OpenAiSdkContract {
        OpenAiSdk() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAiSdkTrouble extends OpenAiSdkTroubleContract {
        OpenAiSdkTrouble() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAiSpringAi extends SpringAiContract {
        OpenAiSpringAi() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OpenAccess extends OpenAccessContract {
        OpenAccess() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class OwnCredential extends OwnCredentialContract {
        OwnCredential() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class PathCorpus extends PathCorpusContract {
        PathCorpus() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Pieces extends PiecesContract {
        Pieces() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class PoolOrder extends PoolOrderContract {
        PoolOrder() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Prompt extends PromptContract {
        Prompt() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class PromptReach extends PromptReachContract {
        PromptReach() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RawStreams extends RawStreamsContract {
        RawStreams() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RefusalOrder extends RefusalOrderContract {
        RefusalOrder() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RefusedBody extends RefusedBodyContract {
        RefusedBody() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Relay extends RelayContract {
        Relay() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RelayedRoutes extends RelayedRoutesContract {
        RelayedRoutes() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RequestFlood extends RequestFloodContract {
        RequestFlood() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class RequestForm extends RequestFormContract {
        RequestForm() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Rights extends RightsContract {
        Rights() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Routes extends RoutesContract {
        Routes() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Sdk extends SdkContract {
        Sdk() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class SdkTrouble extends SdkTroubleContract {
        SdkTrouble() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Silence extends SilenceContract {
        Silence() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class SilentLog extends SilentLogContract {
        SilentLog() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class SlowClient extends SlowClientContract {
        SlowClient() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Start extends StartContract {
        Start() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Stream extends StreamContract {
        Stream() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class StreamEnd extends StreamEndContract {
        StreamEnd() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class StreamsAtOnce extends StreamsAtOnceContract {
        StreamsAtOnce() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Target extends TargetContract {
        Target() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class TlsFault extends TlsFaultContract {
        TlsFault() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class UnreachableUpstream extends UnreachableUpstreamContract {
        UnreachableUpstream() {
            super(JettyContainer::start);
        }
    }

    @Nested
    class Workspace extends WorkspaceContract {
        Workspace() {
            super(JettyContainer::start);
        }
    }
}
