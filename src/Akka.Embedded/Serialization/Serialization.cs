using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Where the bytes being written go: makes references in them understandable there.</summary>
public sealed class Information(Address address, ActorSystem system) : IEquatable<Information>
{
    public Address Address { get; } = address;
    public ActorSystem System { get; } = system;

    public bool Equals(Information? other) =>
        other is not null && Address == other.Address && ReferenceEquals(System, other.System);
    public override bool Equals(object? obj) => obj is Information other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Address, System);
    public static bool operator ==(Information? left, Information? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(Information? left, Information? right) => !(left == right);
}

/// <summary>The serializers of a system, bound to types by configuration: <c>akka.actor.serializers</c> names classes,
/// <c>serialization-bindings</c> gives types one of those names; the most special binding of a type counts.</summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? s_transport;

    private readonly Serializer _null;
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly ConcurrentDictionary<Type, Serializer> _bound = new();
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();
    private readonly ConcurrentDictionary<string, Type> _boundNames = new();

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        _null = new NullSerializer(system);
        AddSerializer(_null);
    }

    public ExtendedActorSystem System { get; }

    internal void Load()
    {
        var actor = System.Settings.Config.GetConfig("akka.actor")!;
        foreach (var (name, value) in actor.GetConfig("serializers")?.AsEnumerable() ?? [])
            AddSerializer(name, Make(name, value.GetString()!, actor.GetConfig($"serialization-settings.{name}")));
        foreach (var (typeName, value) in actor.GetConfig("serialization-bindings")?.AsEnumerable() ?? [])
        {
            var name = value.GetString();
            if (string.IsNullOrEmpty(name) || name == "none") continue;
            var type = TypeNames.Require(typeName, "akka.actor.serialization-bindings");
            if (!_byName.TryGetValue(name, out var serializer))
                throw new Configuration.ConfigurationException(
                    $"[akka.actor.serialization-bindings] binds [{typeName}] to [{name}], which is not in [akka.actor.serializers].");
            AddSerializationMap(type, serializer);
        }
        if (System.Settings.Setup.Get<SerializationSetup>() is not { HasValue: true } setup) return;
        foreach (var details in setup.Value.CreateSerializers(System))
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor) AddSerializationMap(type, details.Serializer);
        }
    }

    public void AddSerializer(Serializer serializer)
    {
        if (_byId.TryAdd(serializer.Identifier, serializer)) return;
        var other = _byId[serializer.Identifier];
        if (other.GetType() != serializer.GetType())
            throw new ArgumentException(
                $"Serializer id [{serializer.Identifier}] of [{serializer.GetType()}] is taken by [{other.GetType()}].",
                nameof(serializer));
        _byId[serializer.Identifier] = serializer;
    }

    public void AddSerializer(string name, Serializer serializer)
    {
        AddSerializer(serializer);
        _byName[name] = serializer;
    }

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bound[type] = serializer;
        _boundNames[TypeNames.Of(type)] = type;
        _found.Clear();
    }

    public byte[] Serialize(object o) => WithTransport(System, () => FindSerializerFor(o).ToBinary(o));

    /// <summary>Bytes of <paramref name="o"/> for another system.</summary>
    internal byte[] SerializeWith(Serializer serializer, object o)
    {
        var outer = s_transport;
        s_transport ??= System.Provider.SerializationInformation;
        try
        {
            return serializer.ToBinary(o);
        }
        finally
        {
            s_transport = outer;
        }
    }

    /// <exception cref="SerializationException">Nobody has that id.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId, manifest);
        var outer = s_transport;
        s_transport ??= System.Provider.SerializationInformation;
        try
        {
            if (serializer is SerializerWithStringManifest byName) return byName.FromBinary(bytes, manifest);
            if (string.IsNullOrEmpty(manifest)) return serializer.FromBinary(bytes, null!);
            // The name comes from the wire: only types that somebody bound are found by it.
            var type = serializer.FindType(manifest) ?? _boundNames.GetValueOrDefault(TypeNames.WithoutVersion(manifest))
                ?? throw new SerializationException($"Serializer {serializerId} can't read [{manifest}], a type that is not "
                    + $"bound: akka.actor.serialization-bindings {{ \"{manifest}\" = <the serializer's name> }}");
            return serializer.FromBinary(bytes, type);
        }
        finally
        {
            s_transport = outer;
        }
    }

    public object Deserialize(byte[] bytes, int serializerId, Type type)
    {
        var serializer = ById(serializerId, type?.ToString() ?? "");
        return WithTransport(System, () => serializer.FromBinary(bytes, type!));
    }

    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        obj is null ? _null : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <exception cref="SerializationException">No binding fits; the message says which line to add.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_found.TryGetValue(objectType, out var known)) return known;
        var serializer = Search(objectType)
            ?? (defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out var named) ? named : null)
            ?? throw new SerializationException(
                $"No serializer for [{objectType}]. Bind one of akka.actor.serializers: "
                + $"akka.actor.serialization-bindings {{ \"{TypeNames.Of(objectType)}\" = <its name> }}");
        _found.TryAdd(objectType, serializer);
        return serializer;
    }

    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <summary>
    /// The type name that goes with the bytes of <paramref name="msg"/>; empty if <paramref name="s"/> needs none.
    /// </summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest byName => byName.Manifest(msg),
        { IncludeManifest: true } => TypeNames.Of(msg.GetType()),
        _ => string.Empty,
    };

    /// <summary>The path of <paramref name="actorRef"/> as its reader must know it: with uid, and with this system's address
    /// for the place the bytes go to.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (actorRef is null || actorRef.Equals(ActorRefs.NoSender)) return string.Empty;
        var path = actorRef.Path;
        var origin = (actorRef as IInternalActorRef) is { } known and not Nobody
            ? known.Provider.Settings.System as ExtendedActorSystem : null;
        if (s_transport is not { } transport)
            return origin is null ? path.ToSerializationFormat()
                : path.ToSerializationFormatWithAddress(origin.Provider.DefaultAddress);
        if (origin is null || ReferenceEquals(origin, transport.System))
            return path.ToSerializationFormatWithAddress(transport.Address);
        var address = origin.Provider.GetExternalAddressFor(transport.Address) ?? origin.Provider.DefaultAddress;
        return path.ToSerializationFormatWithAddress(address);
    }

    public static Information? GetCurrentTransportInformation() => s_transport
        ?? throw new InvalidOperationException("Nothing is being serialized: use WithTransport.");

    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action) =>
        With(new Information(address, system), action);

    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        s_transport is not null ? action() : With(system.Provider.SerializationInformation, action);

    public static T WithTransport<TState, T>(ExtendedActorSystem system, TState state, Func<TState, T> action) =>
        WithTransport(system, () => action(state));

    private static T With<T>(Information transport, Func<T> action)
    {
        var outer = s_transport;
        s_transport = transport;
        try
        {
            return action();
        }
        finally
        {
            s_transport = outer;
        }
    }

    private Serializer ById(int id, string manifest) => _byId.GetValueOrDefault(id) ?? throw new SerializationException(
        $"There is no serializer with id [{id}] (manifest [{manifest}]): akka.actor.serializers may differ between the systems.");

    private Serializer? Search(Type type)
    {
        Type? best = null;
        // By name, so that of two bindings that fit alike it is the same one in each process.
        foreach (var candidate in _bound.Keys.OrderBy(t => t.FullName, StringComparer.Ordinal))
            if (candidate.IsAssignableFrom(type) && (best is null || best.IsAssignableFrom(candidate))) best = candidate;
        return best is null ? null : _bound[best];
    }

    private Serializer Make(string name, string typeName, Configuration.Config? settings)
    {
        var type = TypeNames.Require(typeName, $"akka.actor.serializers.{name}");
        var withSettings = settings is not null
            && type.GetConstructor([typeof(ExtendedActorSystem), typeof(Configuration.Config)]) is not null;
        return (Serializer)(withSettings ? Activator.CreateInstance(type, System, settings)
            : Activator.CreateInstance(type, System))!;
    }
}
