Console.WriteLine("benchmarks: journal, fetch, tell, produce, latency");
