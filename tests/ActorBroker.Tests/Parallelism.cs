// Most of what takes time here is waiting for clusters to miss a broker that has crashed, which keeps no core at work.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
