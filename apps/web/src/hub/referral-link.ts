import { useSession } from '../api/session.js';

/** The address of a referral link; it names the network, which whoever follows it may never have seen. */
export function useLinkTo(): (code: string) => string {
  const { instance } = useSession();
  return (code) =>
    `${window.location.origin}/r/${code}?${new URLSearchParams({ instance: instance?.slug ?? '' })}`;
}
