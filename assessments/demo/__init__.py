"""The demo bureau: three counties from published figures, the rest generated from a fixed seed.

Real (domain: A18, with its sources): the nine-station county's 36 officers with their ages, education, one
vehicle and one telephone a station and 400 yuan an officer, and the people of 城关, 北社 and 故城; the rates of
科右中旗 and seven names of its 19 stations; 28 stations in 松桃, each with a command room. Everything else is
generated within those aggregates, so every station is marked as illustrative.
"""
