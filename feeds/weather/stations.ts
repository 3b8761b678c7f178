/** The simulated network: thirty-two real places with the climate each is known for. */

export type Station = {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly elevM: number;
  /** IANA time zone, for display. The models use local mean time, which knows no summer time. */
  readonly tz: string;
  /** Annual mean temperature, °C. */
  readonly meanC: number;
  /** Half the difference between the warmest and the coldest time of the year, °C. */
  readonly amplitudeC: number;
  /** Day of the year when it is warmest. */
  readonly warmestDay: number;
  /** Chance of a wet day after a dry one, and after a wet one. */
  readonly wetAfterDry: number;
  readonly wetAfterWet: number;
  /** Mean rain of a wet day, mm. */
  readonly wetDayMm: number;
};

/** Position in this list sets a station's second of report: append, never insert. */
export const stations: readonly Station[] = table([
  ['KSEA', 'Seattle', 47.45, -122.31, 132, 'America/Los_Angeles', 12.3, 7.5, 203, 0.244, 0.673, 7.41],
  ['KNYC', 'New York', 40.78, -73.97, 40, 'America/New_York', 13.0, 12.3, 208, 0.267, 0.435, 9.17],
  ['KORD', 'Chicago', 41.98, -87.9, 205, 'America/Chicago', 10.5, 14, 203, 0.27, 0.46, 8],
  ['KDEN', 'Denver', 39.86, -104.67, 1656, 'America/Denver', 10.5, 12, 203, 0.19, 0.42, 5],
  ['KPHX', 'Phoenix', 33.43, -112.01, 337, 'America/Phoenix', 24.5, 11, 203, 0.06, 0.35, 6],
  ['KMIA', 'Miami', 25.79, -80.29, 3, 'America/New_York', 25, 4, 215, 0.27, 0.55, 12],
  ['PANC', 'Anchorage', 61.17, -150.0, 46, 'America/Anchorage', 3, 12.5, 200, 0.24, 0.5, 4],
  ['PHNL', 'Honolulu', 21.32, -157.92, 2, 'Pacific/Honolulu', 25.5, 2, 230, 0.2, 0.42, 6],
  ['EGLL', 'London', 51.48, -0.45, 25, 'Europe/London', 11.5, 7, 205, 0.29, 0.57, 5],
  ['LFPG', 'Paris', 49.01, 2.55, 119, 'Europe/Paris', 12, 8.2, 203, 0.3, 0.58, 5],
  ['EDDB', 'Berlin', 52.36, 13.5, 48, 'Europe/Berlin', 10, 10, 201, 0.32, 0.58, 4.5],
  ['LEMD', 'Madrid', 40.47, -3.56, 609, 'Europe/Madrid', 15, 10, 206, 0.11, 0.48, 7],
  ['LIRF', 'Rome', 41.8, 12.24, 4, 'Europe/Rome', 15.7, 8.5, 210, 0.15, 0.49, 10],
  ['EFHK', 'Helsinki', 60.32, 24.96, 55, 'Europe/Helsinki', 6, 12.5, 204, 0.35, 0.59, 4.5],
  ['BIRK', 'Reykjavik', 64.13, -21.94, 14, 'Atlantic/Reykjavik', 5, 6, 206, 0.42, 0.68, 5],
  ['UUEE', 'Moscow', 55.97, 37.41, 190, 'Europe/Moscow', 6, 14.5, 199, 0.35, 0.6, 4.5],
  ['HECA', 'Cairo', 30.12, 31.41, 116, 'Africa/Cairo', 22, 7.5, 208, 0.03, 0.3, 4],
  ['HKJK', 'Nairobi', -1.32, 36.93, 1624, 'Africa/Nairobi', 19, 1.5, 60, 0.18, 0.5, 9],
  ['FAOR', 'Johannesburg', -26.14, 28.25, 1694, 'Africa/Johannesburg', 16, 5, 15, 0.18, 0.5, 9],
  ['OMDB', 'Dubai', 25.25, 55.36, 19, 'Asia/Dubai', 28, 8.5, 210, 0.03, 0.35, 5],
  ['VIDP', 'Delhi', 28.57, 77.1, 237, 'Asia/Kolkata', 25, 9.5, 180, 0.08, 0.5, 15],
  ['VABB', 'Mumbai', 19.09, 72.87, 11, 'Asia/Kolkata', 27.5, 2.5, 140, 0.1, 0.75, 25],
  ['WSSS', 'Singapore', 1.35, 103.99, 7, 'Asia/Singapore', 27.5, 0.8, 150, 0.42, 0.58, 13],
  ['ZSPD', 'Shanghai', 31.14, 121.81, 4, 'Asia/Shanghai', 17, 12, 210, 0.24, 0.55, 9],
  ['RJTT', 'Tokyo', 35.55, 139.78, 11, 'Asia/Tokyo', 16, 11, 216, 0.22, 0.48, 13],
  ['RKSI', 'Seoul', 37.46, 126.44, 7, 'Asia/Seoul', 12.5, 14, 210, 0.2, 0.48, 13],
  ['YSSY', 'Sydney', -33.95, 151.18, 6, 'Australia/Sydney', 18.5, 5.3, 20, 0.25, 0.52, 9],
  ['NZAA', 'Auckland', -37.01, 174.79, 7, 'Pacific/Auckland', 15.5, 4.5, 30, 0.3, 0.58, 8],
  ['SBGR', 'Sao Paulo', -23.43, -46.47, 750, 'America/Sao_Paulo', 19.5, 3.2, 25, 0.2, 0.6, 12],
  ['SCEL', 'Santiago', -33.39, -70.79, 474, 'America/Santiago', 14.5, 6.5, 15, 0.06, 0.45, 10],
  ['MMMX', 'Mexico City', 19.44, -99.07, 2230, 'America/Mexico_City', 17, 2.5, 135, 0.17, 0.65, 7],
  ['SAEZ', 'Buenos Aires', -34.82, -58.54, 20, 'America/Argentina/Buenos_Aires', 18, 7, 18, 0.2, 0.43, 11],
]);

/** The station of this id; throws RangeError naming it when there is none. */
export function stationOf(id: string): Station {
  const found = stations.find((station) => station.id === id);
  if (found === undefined) throw new RangeError(`no weather station "${id}"`);
  return found;
}

type Row = [string, string, number, number, number, string, number, number, number, number, number, number];

function table(rows: readonly Row[]): Station[] {
  return rows.map(
    ([id, name, lat, lon, elevM, tz, meanC, amplitudeC, warmestDay, wetAfterDry, wetAfterWet, wetDayMm]) => ({
      ...{ id, name, lat, lon, elevM, tz },
      ...{ meanC, amplitudeC, warmestDay, wetAfterDry, wetAfterWet, wetDayMm },
    }),
  );
}
