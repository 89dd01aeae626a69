using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Persistence.Journal;

/// <summary>
/// Which event adapter stands between a type of event and a journal, from <c>event-adapters</c> and
/// <c>event-adapter-bindings</c>.
/// </summary>
public class EventAdapters
{
    internal static readonly EventAdapters None = new(new(), []);

    private readonly ConcurrentDictionary<Type, IEventAdapter> _map;
    private readonly IEnumerable<KeyValuePair<Type, IEventAdapter>> _bindings;

    private EventAdapters(ConcurrentDictionary<Type, IEventAdapter> map, IEnumerable<KeyValuePair<Type, IEventAdapter>> bindings)
    {
        _map = map;
        _bindings = bindings;
    }

    /// <exception cref="ConfigurationException">A binding names an adapter that is not declared.</exception>
    /// <exception cref="ArgumentException">A type cannot be loaded.</exception>
    public static EventAdapters Create(ExtendedActorSystem system, Config config)
    {
        var adapters = Entries(config, "event-adapters").ToDictionary(
            entry => entry.Key, entry => Instantiate(system, entry.Value.GetString() ?? "", $"event-adapters.{entry.Key}"));
        var bindings = Entries(config, "event-adapter-bindings").Select(entry => KeyValuePair.Create(
            TypeNames.Require(entry.Key, "event-adapter-bindings"),
            Combined(entry.Value.IsArray() ? entry.Value.GetStringList() : [entry.Value.GetString() ?? ""], adapters,
                entry.Key)));

        // The most derived type first, so that the first that fits is the nearest.
        var sorted = new List<KeyValuePair<Type, IEventAdapter>>();
        foreach (var binding in bindings)
        {
            var before = sorted.FindIndex(other => other.Key.IsAssignableFrom(binding.Key));
            sorted.Insert(before < 0 ? sorted.Count : before, binding);
        }

        return new(new(sorted), sorted);
    }

    public IEventAdapter Get<T>() => Get(typeof(T));

    public virtual IEventAdapter Get(Type type) => _map.GetOrAdd(type, wanted =>
    {
        foreach (var (bound, adapter) in _bindings)
            if (bound.IsAssignableFrom(wanted)) return adapter;
        return IdentityEventAdapter.Instance;
    });

    private static IEnumerable<KeyValuePair<string, Configuration.Hocon.HoconValue>> Entries(Config config, string path) =>
        config.GetConfig(path)?.AsEnumerable() ?? [];

    private static IEventAdapter Combined(IList<string> names, Dictionary<string, IEventAdapter> adapters, string boundType)
    {
        var found = names.Select(name => adapters.TryGetValue(name, out var adapter)
            ? adapter
            : throw new ConfigurationException(
                $"event-adapter-bindings binds [{boundType}] to [{name}], which event-adapters does not declare")).ToArray();
        return found.Length == 1 ? found[0] : new CombinedReadEventAdapter(found);
    }

    private static IEventAdapter Instantiate(ExtendedActorSystem system, string typeName, string key)
    {
        var type = TypeNames.Require(typeName, key);
        var adapter = type.GetConstructor([typeof(ExtendedActorSystem)]) is null
            ? Activator.CreateInstance(type) : Activator.CreateInstance(type, system);
        return adapter switch
        {
            IEventAdapter both => both,
            IReadEventAdapter reader => new ReadOnlyEventAdapter(reader),
            IWriteEventAdapter writer => new WriteOnlyEventAdapter(writer),
            _ => throw new ConfigurationException($"[{key}]: [{typeName}] is no event adapter"),
        };
    }
}
